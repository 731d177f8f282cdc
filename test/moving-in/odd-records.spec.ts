import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportReaders } from '../../src/moving-in/readers.js';
import { readExport } from '../../src/moving-in/record-reading.js';
import { UnreadableExport } from '../../src/moving-in/unreadable-export.js';

type Row = Record<string, unknown>;

/** What `JSON.parse` may give and no field expects; the first has no text at all. */
const ODD: readonly unknown[] = [{ toString: 1, valueOf: 1 }, 1.5, [null], true, { a: {} }, 'a\0b'];

const SAMPLES = join(__dirname, 'samples');
const PARAMETERS = { algorithm: 'SCRYPT', base64_signer_key: 'AAAA', base64_salt_separator: 'Bw==', rounds: '8' };
const settings = { companions: {}, parameters: { ...PARAMETERS, mem_cost: '14', secret: 'x', rpId: 'example.com' } };

/** The samples in one JSON text, of each system. */
const samples = exportReaders.flatMap((reader) =>
  readdirSync(join(SAMPLES, reader.system)).flatMap((file) => {
    const sample = parsed(readFileSync(join(SAMPLES, reader.system, file), 'utf8'));
    return sample === null ? [] : [{ reader, file, sample }];
  }),
);

function parsed(text: string): object | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The first record of each list in it. */
function firstsOf(sample: object): Row[] {
  const lists = Array.isArray(sample) ? [sample] : Object.values(sample).filter(Array.isArray);
  return lists.flatMap(([first]) => (typeof first === 'object' && first !== null ? [first as Row] : []));
}

/** All members, at whatever depth. */
function membersOf(row: Row): { readonly of: Row; readonly name: string }[] {
  return Object.entries(row).flatMap(([name, value]) => [
    { of: row, name },
    ...(typeof value === 'object' && value !== null ? membersOf(value as Row) : []),
  ]);
}

describe('an odd value in a record', () => {
  it.each(samples)(
    'of $reader.system ($file) ends with its record, or tells what is wrong with the file',
    async (one) => {
      const { reader, sample } = one;
      const count = async () => {
        const bytes = Buffer.from(JSON.stringify(sample));
        let records = 0;
        async function* input() {
          yield bytes;
        }
        for await (const _ of readExport(reader, input(), settings)) records += 1;
        return records;
      };
      for (const { of, name } of firstsOf(sample).flatMap(membersOf)) {
        const was = of[name];
        for (const value of ODD) {
          of[name] = value;
          const read = await count().catch((error: unknown) => error);
          if (!(read instanceof UnreadableExport))
            expect({ name, value, read }).toEqual({ name, value, read: expect.any(Number) });
        }
        of[name] = was;
      }
    },
  );
});

describe('an id that is none', () => {
  const odd = { id: {}, user_id: {}, ID: {}, pk: {}, sub: {}, Username: {}, localId: {} };
  it.each(exportReaders)('stops no other user of $system', async (reader) => {
    async function* input() {
      yield Buffer.from(JSON.stringify([1, 2].map(() => ({ ...odd, encrypted_password: '', banned_until: '' }))));
    }
    const places = [];
    for await (const { at, foreignId } of readExport(reader, input(), settings)) places.push([at, foreignId]);
    expect(places).toEqual([
      [1, null],
      [2, null],
    ]);
  });
});
