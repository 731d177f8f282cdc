import { exportRecords } from './export-records.js';
import type { RawRecord } from './raw-record.js';
import { UnreadableExport } from './unreadable-export.js';

async function read(text: string | Buffer, { size = 7, lists = ['users'] } = {}): Promise<RawRecord[]> {
  const bytes = Buffer.from(text as string);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const records: RawRecord[] = [];
  for await (const record of exportRecords(chunks(), lists)) records.push(record);
  return records;
}

const failure = (text: string | Buffer) =>
  read(text).then(
    () => null,
    (error: unknown) => error as UnreadableExport,
  );

const ADA = { id: 'a', name: 'Zoë 🧊, "quoted"\nline' };
const BOB = { id: 'b', more: { deep: [1, null, true] } };

describe('records of JSON', () => {
  it.each([
    ['one a line', `${JSON.stringify(ADA)}\n\n${JSON.stringify(BOB)}`, [1, 3], null],
    ['one a line, a single one', JSON.stringify(ADA), [1], null],
    ['in one array', JSON.stringify([ADA, BOB], null, 2), [1, 2], null],
    ['in one array on one line', `${JSON.stringify([ADA, BOB])}\n`, [1, 2], null],
    [
      'in a member of one object',
      JSON.stringify({ realm: { users: [1] }, users: [ADA, BOB], x: [1] }, null, 2),
      [1, 2],
      'users',
    ],
    ['in a member of one object on one line', JSON.stringify({ a: 1, users: [ADA, BOB] }), [1, 2], 'users'],
    ['after a byte order mark', `\uFEFF${JSON.stringify([ADA, BOB])}`, [1, 2], null],
    ['in UTF-16', Buffer.from(`\uFEFF${JSON.stringify([ADA, BOB])}`, 'utf16le'), [1, 2], null],
  ])('%s are read, however they arrive', async (_, text, places, list) => {
    for (const size of [1, 7, 100_000]) {
      const expected = [ADA, BOB].slice(0, places.length).map((row, i) => ({ at: places[i], row, list }));
      expect(await read(text, { size })).toEqual(expected);
    }
  });

  it('of several lists are counted in each, and told apart', async () => {
    const text = JSON.stringify({ user: [ADA, BOB], account: [BOB] }, null, 1);
    expect(
      (await read(text, { lists: ['user', 'account'] })).map((one) => ('list' in one ? [one.list, one.at] : 0)),
    ).toEqual([
      ['user', 1],
      ['user', 2],
      ['account', 1],
    ]);
  });

  it('that are none are refused alone', async () => {
    expect(await read(`${JSON.stringify(ADA)}\n{"id":\n[1]\n5`)).toEqual([
      { at: 1, row: ADA, list: null },
      { at: 2, refused: 'not_json' },
      { at: 3, refused: 'not_an_object' },
      { at: 4, refused: 'not_an_object' },
    ]);
    expect(await read('[1, {"id":"a"}]')).toEqual([
      { at: 1, refused: 'not_an_object' },
      { at: 2, row: { id: 'a' }, list: null },
    ]);
  });

  it.each([
    ['{"users":[{"id":"a"},{"id":"sec', 'The file ends too early, after record 1 of "users".'],
    ['[{"id":"a"},{"id":"b"}', 'The file ends too early, after record 2.'],
    ['{\n"people": []}', 'The file has no list of users.'],
    ['[', 'The file ends too early, before the first record.'],
    ['[{"id":"a"},{"id":secret}]', 'The file is not JSON at character 18, after record 1.'],
    ['[{"id":"a"}]\n[{"id":"b"}]', 'The file is not JSON at character 13, after record 1.'],
  ])('cut off, or broken, name the place and no value: %s', async (text, problem) => {
    const error = await failure(text);
    expect(error).toBeInstanceOf(UnreadableExport);
    expect(error!.message).toBe(problem);
  });
});

describe('records of CSV', () => {
  it('are read with their lines, however they arrive', async () => {
    const text = '\uFEFFid,name\r\na,"Zoë 🧊, ""quoted""\nline"\r\n\r\nb,\r\n';
    for (const size of [1, 7, 100_000])
      expect(await read(text, { size })).toEqual([
        { at: 3, row: { id: 'a', name: 'Zoë 🧊, "quoted"\nline' }, list: null },
        { at: 5, row: { id: 'b', name: '' }, list: null },
      ]);
  });

  it.each([
    ['id,name\na,secret,b\n', 'A row has more or fewer values than the first row has names (line 2).'],
    ['id,name\na,"secret\n', 'The file ends within quotes (line 2).'],
    ['id,name\na,"secret" x\n', 'The file is not CSV (line 2).'],
  ])('that are none name the line and no value: %s', async (text, problem) => {
    const error = await failure(text);
    expect(error).toBeInstanceOf(UnreadableExport);
    expect(error!.message).toBe(problem);
  });
});

it.each([
  ['nothing', '', 'The file is empty.'],
  ['blanks', ' \n\n', 'The file is empty.'],
  [
    'Latin-1',
    Buffer.from('id,name\nb,x\na,Zo\xeb!\n', 'latin1'),
    'The file is not UTF-8 text, at line 3 or soon after it.',
  ],
])('a file of %s is no export', async (_, text, problem) => {
  expect((await failure(text))?.message).toBe(problem);
});

it.each([
  ['JSON', '{"other":[0],"users":[{"id":0}', (id: number) => `,{"id":${id},"text":"${'x'.repeat(5000)}"}`, ']}'],
  ['JSON lines', '{"id":0}\n', (id: number) => `{"id":${id},"text":"${'x'.repeat(5000)}"}\n`, ''],
  ['CSV', 'id,text\n0,\n', (id: number) => `${id},${'x'.repeat(5000)}\n`, ''],
])('%s of 25 MB is read as it goes: at no time more than a megabyte ahead', async (_, head, record, end) => {
  let made = 1;
  async function* file() {
    yield Buffer.from(head);
    for (; made <= 5_000; made++) yield Buffer.from(record(made));
    yield Buffer.from(end);
  }
  let read = 0;
  let ahead = 0;
  for await (const one of exportRecords(file(), ['users'])) {
    if ('row' in one) read += 1;
    ahead = Math.max(ahead, made - read);
  }
  expect(read).toBe(5_001);
  expect(ahead).toBeLessThan(250);
});
