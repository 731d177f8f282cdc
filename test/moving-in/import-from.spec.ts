import { readFileSync, writeFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { MovingApp, PASSWORD } from './moving-app.js';

const BCRYPT = '$2b$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S';
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** A user as Supabase's table has them. */
function row(number: number, more: object = {}) {
  const id = `7d3c1d52-6c0e-4d0b-a5a7-${String(number).padStart(12, '0')}`;
  const email = `moved-${number}@example.com`;
  const stamps = { email_confirmed_at: '2023-05-04 09:00:00+00', created_at: '2023-05-04 09:00:00+00' };
  return { id, email, encrypted_password: BCRYPT, banned_until: null, ...stamps, ...more };
}

const rows = (count: number, from = 1) => Array.from({ length: count }, (_, i) => row(from + i));

describe('import --from', () => {
  let moving: MovingApp;
  beforeAll(async () => {
    moving = await MovingApp.boot();
  });
  afterAll(() => moving.close());

  /** Imports these rows as one JSON text. */
  const supabase = (users: readonly object[], ...args: readonly string[]) => {
    writeFileSync(moving.path('users.json'), JSON.stringify({ users }));
    return moving.import(['--from', 'supabase', moving.path('users.json'), ...args]);
  };
  /** How many rows each table has that an import may write. */
  const written = () =>
    moving.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }).query(
      `SELECT (SELECT count(*) FROM coatcheck.users) AS users, (SELECT count(*) FROM coatcheck.passwords) AS passwords,
                (SELECT count(*) FROM coatcheck.totp_secrets) AS apps,
                (SELECT count(*) FROM coatcheck.audit_events WHERE type = 'user.imported') AS events`,
    );

  it('in a dry run says what would happen, and writes nothing', async () => {
    const before = await written();
    const users = [
      row(901),
      row(902, { email: moving.admin.email.toUpperCase() }),
      row(903, { email: 'MOVED-901@example.com' }),
      row(904, { encrypted_password: '$6$salt$hash' }),
      row(905, { banned_until: 'soon' }),
      // In another batch than the first.
      ...rows(500, 1000),
      row(906, { email: 'moved-901@example.com' }),
    ];
    const { code, out } = await supabase(users, '--dry-run');
    expect([code, out]).toEqual([
      1,
      [
        '501 can be imported, 0 already here, 5 refused',
        '  refused: taken: 3 (at 2, 3, 506)',
        '  refused: unknown_hash: 1 (at 4)',
        '  refused: banned_until_unreadable: 1 (at 5)',
        'Nothing was written.\n',
      ].join('\n'),
    ]);
    expect(await written()).toEqual(before);
  });

  it('goes on where it stopped, when the same command is run again', async () => {
    const file = moving.path('cut.json');
    const whole = JSON.stringify({ users: rows(1100) });
    writeFileSync(file, whole.slice(0, -200));
    const cut = await moving.import(['--from', 'supabase', file]);
    expect([cut.code, cut.out]).toEqual([1, '1000 imported, 0 already here, 0 refused\n']);
    expect(cut.err).toContain('The file ends too early, after record 1099 of "users".');
    writeFileSync(file, whole);
    const again = await moving.import(['--from', 'supabase', file]);
    expect([again.code, again.out, again.err]).toEqual([0, '100 imported, 1000 already here, 0 refused\n', '']);
    expect((await moving.logIn('moved-1100@example.com')).status).toBe(200);
  });

  it('never touches a user who is here, by address or by id', async () => {
    const { id } = (await moving.admin.get('/auth/me')).body.user;
    const users = [row(5801, { email: moving.admin.email }), row(5802, { id, email: 'stranger@example.com' })];
    const { code, out } = await supabase(users);
    expect([code, out]).toEqual([
      1,
      [
        '0 imported, 0 already here, 2 refused',
        '  refused: taken: 1 (at 1)',
        '  refused: id_of_another_address: 1 (at 2)\n',
      ].join('\n'),
    ]);
    expect(await moving.find('stranger@example.com')).toBeUndefined();
    expect((await moving.logIn(moving.admin.email)).body.code).toBe('invalid_credentials');
    expect((await moving.admin.get('/auth/me')).body.user).toMatchObject({
      email: moving.admin.email,
      roles: ['admin'],
    });
  });

  it('reports every reason and note, and no secret and no address', async () => {
    const factors = moving.path('factors.csv');
    writeFileSync(
      factors,
      `user_id,factor_type,status,secret\n${row(5701).id},totp,verified,${SECRET}\n${row(5704).id},phone,verified,\n`,
    );
    const users = [
      row(5701),
      row(5702, { encrypted_password: '$6$salt$secret' }),
      row(5703, { email: 'no address' }),
      row(5704, { raw_user_meta_data: { full_name: 'x'.repeat(200) } }),
    ];
    const [report, ids] = [moving.path('report.jsonl'), moving.path('ids.csv')];
    const { out, err } = await supabase(users, '--report', report, '--ids', ids, '--with', `mfa_factors=${factors}`);
    const lines = readFileSync(report, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { at: 2, foreignId: row(5702).id, id: null, outcome: 'refused', reason: 'unknown_hash' },
      { at: 3, foreignId: row(5703).id, id: null, outcome: 'refused', reason: 'not_an_address' },
      {
        ...{ at: 4, foreignId: row(5704).id, id: row(5704).id, outcome: 'imported' },
        notes: ['second_factor_left_out', 'name_left_out'],
      },
      {
        summary: {
          ...{ end: 'complete', dryRun: false, imported: 2, already_here: 0, refused: 2 },
          reasons: { not_an_address: { count: 1, places: [3] }, unknown_hash: { count: 1, places: [2] } },
          notes: { name_left_out: 1, second_factor_left_out: 1 },
        },
      },
    ]);
    expect(readFileSync(ids, 'utf8')).toBe(
      `old id,new id\n${row(5701).id},${row(5701).id}\n${row(5704).id},${row(5704).id}\n`,
    );
    for (const text of [lines.join(), out, err])
      for (const secret of ['$2b$', '$6$', SECRET, '@example.com', 'no address', 'xxx'])
        expect(text).not.toContain(secret);
  });

  it('leaves hashes of unknown form out where it is asked to', async () => {
    const { code, out } = await supabase(
      [row(5601, { encrypted_password: '$6$salt$hash' })],
      '--without-unknown-hashes',
    );
    expect([code, out]).toEqual([0, '1 imported, 0 already here, 0 refused\n  note: password_left_out: 1\n']);
    expect((await moving.logIn('moved-5601@example.com')).body.code).toBe('invalid_credentials');
  });

  it('takes UTF-16, CSV and standard input as well', async () => {
    const csv = `id,email,encrypted_password,banned_until,email_confirmed_at\n${row(5501).id},moved-5501@example.com,${BCRYPT},,2023-05-04\n`;
    writeFileSync(moving.path('utf16.csv'), Buffer.from(`\uFEFF${csv}`, 'utf16le'));
    expect((await moving.import(['--from', 'supabase', moving.path('utf16.csv')])).out).toContain('1 imported');
    expect((await moving.logIn('moved-5501@example.com', PASSWORD)).status).toBe(200);
    const { out } = await moving.import(['--from', 'supabase'], `${JSON.stringify(row(5502))}\n{"id":\n`);
    expect(out).toBe('1 imported, 0 already here, 1 refused\n  refused: not_json: 1 (at 2)\n');
  });

  it.each([
    ['a system that is not known', ['--from', 'myspace', 'FILE'], 'use one of: auth0, '],
    ['a file that is not there', ['--from', 'supabase', '/no/such/file'], '/no/such/file cannot be read.'],
    ['a folder', ['--from', 'supabase', '/'], '/ is a folder.'],
    ['a companion that is not taken', ['--from', 'supabase', 'FILE', '--with', 'hashes=x'], 'use: mfa_factors ('],
    ['a companion without a name', ['--from', 'supabase', 'FILE', '--with', 'x'], '--with must be of the form'],
    ['settings that are not taken', ['--from', 'supabase', 'FILE', '--settings', 'FILE'], 'takes no'],
    ['a report that cannot be written', ['--from', 'supabase', 'FILE', '--report', '/no/such/x'], 'cannot be written'],
    ['a report in place of the export', ['--from', 'supabase', 'FILE', '--report', 'FILE'], 'is given twice.'],
    [
      'ids in place of a companion',
      ['--from', 'supabase', '-', '--with', 'mfa_factors=FILE', '--ids', 'FILE'],
      'is given twice.',
    ],
    ['one file for both', ['--from', 'supabase', 'FILE', '--ids', '/tmp/./x', '--report', '/tmp/x'], 'is given twice.'],
    ['options without a system', ['FILE', '--dry-run'], 'These options need --from.'],
    ['a file of something else', ['--from', 'supabase', 'FILE'], 'The file has no list of users.'],
  ])('refuses %s, and says what to do', async (_, args, problem) => {
    const text = '{\n"things": [1]\n}\n';
    writeFileSync(moving.path('other.json'), text);
    const { code, err } = await moving.import(args.map((one) => one.replace('FILE', moving.path('other.json'))));
    expect([code, err]).toEqual([1, expect.stringContaining(problem)]);
    expect(readFileSync(moving.path('other.json'), 'utf8')).toBe(text);
  });

  it('tells no word of settings that it does not take: a secret may stand there alone', async () => {
    const file = moving.path('secret.txt');
    for (const text of ['jxspr8Ki0RYycVU8zykb==', '{"jxspr8Ki0RYycVU8zykb":"x"}']) {
      writeFileSync(file, text);
      const { code, err } = await moving.import(['--from', 'firebase', file, '--settings', file]);
      expect([code, err]).toEqual([1, expect.stringContaining('use: algorithm (')]);
      expect(err).not.toContain('jxspr8');
    }
  });
});
