import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { cameAlong, MovingApp, PASSWORD } from './moving-app.js';

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
      row(901, { email_confirmed_at: null }),
      row(902, { email: moving.admin.email.toUpperCase() }),
      row(903, { email: 'MOVED-901@example.com' }),
      row(904, { encrypted_password: '$6$salt$hash' }),
      row(905, { banned_until: 'soon' }),
      // In another batch than the first.
      ...rows(500, 1000),
      row(906, { email: 'moved-901@example.com' }),
    ];
    const report = moving.path('dry.jsonl');
    const { code, out } = await supabase(users, '--dry-run', '--report', report);
    expect([code, out]).toEqual([
      1,
      [
        '501 can be imported, 0 already here, 5 refused',
        '  refused: taken: 3 (at 2, 3, 506)',
        '  refused: unknown_hash: 1 (at 4)',
        '  refused: banned_until_unreadable: 1 (at 5)',
        '  note: address_unverified: 1',
        cameAlong({ passwords: 501 }),
        'Nothing was written.\n',
      ].join('\n'),
    ]);
    const [first] = readFileSync(report, 'utf8').split('\n');
    expect(JSON.parse(first!)).toMatchObject({ at: 1, outcome: 'would_import', notes: ['address_unverified'] });
    expect(await written()).toEqual(before);
  });

  it('in a dry run says of users who stand in the file twice what the import says', async () => {
    const users = [row(2801), row(2801), row(2801, { email: 'other-2801@example.com' }), ...rows(500, 8000)];
    users.push(
      row(2801),
      row(2801, { email: 'third-2801@example.com' }),
      row(2802, { email: 'moved-2801@example.com' }),
    );
    const refused = '  refused: id_of_another_address: 2 (at 3, 505)\n  refused: taken: 1 (at 506)\n';
    const brought = `${cameAlong({ passwords: 501 })}\n`;
    const dry = await supabase(users, '--dry-run');
    expect(dry.out).toBe(`501 can be imported, 2 already here, 3 refused\n${refused}${brought}Nothing was written.\n`);
    expect((await supabase(users)).out).toBe(`501 imported, 2 already here, 3 refused\n${refused}${brought}`);
  });

  it('goes on where it stopped, when the same command is run again', async () => {
    const file = moving.path('cut.json');
    const whole = JSON.stringify({ users: rows(1100) });
    writeFileSync(file, whole.slice(0, -200));
    const cut = await moving.import(['--from', 'supabase', file]);
    expect([cut.code, cut.out]).toEqual([
      1,
      `1000 imported, 0 already here, 0 refused\n${cameAlong({ passwords: 1000 })}\n`,
    ]);
    expect(cut.err).toContain('The file ends too early, after record 1099 of "users".');
    writeFileSync(file, whole);
    const again = await moving.import(['--from', 'supabase', file]);
    expect([again.code, again.out]).toEqual([
      0,
      `100 imported, 1000 already here, 0 refused\n${cameAlong({ passwords: 100 })}\n`,
    ]);
    expect(again.err).not.toContain('->');
    expect((await moving.logIn('moved-1100@example.com')).status).toBe(200);
  });

  it('says after a failure of the database, too, that the same command goes on', async () => {
    const database = moving.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    await database.query('ALTER TABLE coatcheck.passwords RENAME TO passwords_away');
    const failed = await supabase([row(5001)]).finally(() =>
      database.query('ALTER TABLE coatcheck.passwords_away RENAME TO passwords'),
    );
    expect([failed.code, failed.out]).toEqual([1, '0 imported, 0 already here, 0 refused\n']);
    expect(failed.err).toMatch(/coatcheck doctor; then run the same command again: it goes on where it stopped/);
    expect((await supabase([row(5001)])).out).toContain('1 imported');
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
          brought: { passwords: 2, bans: 0, usernames: 0, authenticator_apps: 1, passkeys: 0, admins: 0 },
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

  it('says of users who are not verified that they cannot log in yet, unless they may, and keeps it in a report of users who are here', async () => {
    const users = [row(5401, { email_confirmed_at: null }), row(5402)];
    const report = moving.path('unverified.jsonl');
    const told = '  note: address_unverified: 1\n';
    const optional = { EMAIL_VERIFICATION: 'optional' };
    writeFileSync(moving.path('users.json'), JSON.stringify({ users }));
    const args = ['--from', 'supabase', moving.path('users.json'), '--report', report];
    expect((await moving.import([...args, '--dry-run'], '', optional)).out).not.toContain('note');
    expect((await moving.import(args)).out).toBe(
      `2 imported, 0 already here, 0 refused\n${told}${cameAlong({ passwords: 2 })}\n`,
    );
    expect((await moving.logIn('moved-5401@example.com')).body.code).toBe('email_unverified');
    expect((await moving.import(args)).out).toBe('0 imported, 2 already here, 0 refused\n');
    const [line] = readFileSync(report, 'utf8').split('\n');
    expect(JSON.parse(line!)).toMatchObject({ at: 1, outcome: 'already_here', notes: ['address_unverified'] });
    const own = `{"email":"own-5401@example.com"}\n{"email":"own-5402@example.com","emailVerified":true}\n`;
    expect((await moving.import([], own)).out).toBe(`2 imported, 0 refused\n${told}${cameAlong({})}\n`);
  });

  it('says which users who are here are banned in a later export, for none of them is changed', async () => {
    const users = [row(5901), row(5902), row(5903, { banned_until: 'infinity' })];
    expect((await supabase(users)).out).toBe(
      `3 imported, 0 already here, 0 refused\n${cameAlong({ passwords: 3, bans: 1 })}\n`,
    );
    const later = [row(5904), row(5901, { banned_until: '2999-01-01 00:00:00+00' }), ...users.slice(1)];
    const told = '  note: banned_there_only: 1\n';
    const brought = `${cameAlong({ passwords: 1 })}\n`;
    const dry = await supabase(later, '--dry-run');
    expect(dry.out).toBe(`1 can be imported, 3 already here, 0 refused\n${told}${brought}Nothing was written.\n`);
    const report = moving.path('banned.jsonl');
    for (const [here, more] of [
      ['1 imported, 3', brought],
      ['0 imported, 4', ''],
    ])
      expect((await supabase(later, '--report', report)).out).toBe(`${here} already here, 0 refused\n${told}${more}`);
    const [line] = readFileSync(report, 'utf8').split('\n');
    expect(JSON.parse(line!)).toMatchObject({ at: 2, outcome: 'already_here', notes: ['banned_there_only'] });
    expect((await moving.find('moved-5901@example.com')).status).toBe('active');
  });

  it('does not run without the key of the service, and makes none', async () => {
    const folder = moving.path('no-such-folder');
    for (const args of [['--from', 'supabase', '-', '--dry-run'], []]) {
      const { code, out, err } = await moving.import(args, JSON.stringify(row(5301)), {
        ...{ SECRET_KEY: '', DATA_DIR: folder },
      });
      expect([code, out, err]).toEqual([
        1,
        '',
        expect.stringContaining('SECRET_KEY is missing, although DATABASE_URL'),
      ]);
    }
    expect(existsSync(folder)).toBe(false);
  });

  it('does not run with a key that does not open what is there, and doctor says so', async () => {
    const factors = moving.path('app.csv');
    writeFileSync(factors, `user_id,factor_type,status,secret\n${row(5201).id},totp,verified,${SECRET}\n`);
    expect((await supabase([row(5201)], '--with', `mfa_factors=${factors}`)).out).toContain('1 imported');
    const other = {
      SECRET_KEY: Buffer.from('nobody has ever used this one !!').toString('base64url'),
      AUTH_STRATEGIES: 'session',
    };
    const { code, out, err } = await moving.import(['--from', 'supabase', '-'], JSON.stringify(row(5202)), other);
    expect([code, out, err]).toEqual([1, '', expect.stringContaining('cannot decrypt what the database holds')]);
    expect(await moving.find('moved-5202@example.com')).toBeUndefined();
    const told = await moving.run(['doctor'], '', other);
    expect([told.code, told.out]).toEqual([1, expect.stringMatching(/FAIL.*cannot decrypt.* authenticator app/)]);
    expect((await moving.run(['doctor'])).out).not.toContain('cannot decrypt');
  });

  it('refuses anonymous users by that name', async () => {
    const { out } = await supabase([row(5101, { email: null, is_anonymous: true })], '--dry-run');
    expect(out).toContain('refused: anonymous: 1 (at 1)');
  });

  it('takes usernames along where they are switched on, and says which it leaves behind', async () => {
    const realm = (names: readonly string[]) =>
      names.map((username) => ({
        ...{
          id: `5e7c3f2a-2222-4a4b-8c5d-0000000000${username.length}0`,
          username,
          enabled: true,
          emailVerified: true,
        },
        email: `u${username.length}@keycloak.example`,
      }));
    const users = realm(['Ada.King', 'no', 'no name at all']);
    // That of a user who is in the file already, in another batch or not; and one that is the address.
    users.push({ ...users[0]!, id: '5e7c3f2a-2222-4a4b-8c5d-000000000099', email: 'late@keycloak.example' });
    users.push({
      ...users[0]!,
      id: '5e7c3f2a-2222-4a4b-8c5d-000000000098',
      username: 'x@y.example',
      email: 'x@y.example',
    });
    const args = ['--from', 'keycloak', moving.path('realm.json')];
    writeFileSync(moving.path('realm.json'), JSON.stringify({ realm: 'shop', users }));
    const off = await moving.import([...args, '--dry-run']);
    expect(off.out).toContain('  note: username_left_out: 4\n');
    const on = await moving.import(args, '', { USERNAMES: 'true' });
    expect(on.out).toContain('5 imported, 0 already here, 0 refused\n');
    expect(on.out).toContain('  note: username_left_out: 3\n');
    // Those of one batch, which nothing has written.
    for (const [index, user] of users.entries()) {
      user.id = `5e7c3f2a-4444-4a4b-8c5d-00000000000${index}`;
      user.email = `v${index}@keycloak.example`;
    }
    users[0]!.username = users[3]!.username = 'Countess';
    writeFileSync(moving.path('realm.json'), JSON.stringify({ realm: 'shop', users }));
    const dry = await moving.import([...args, '--dry-run'], '', { USERNAMES: 'true' });
    expect(dry.out).toContain('  note: username_left_out: 4\n');
    const names = await moving.app.app
      .get<DataSource>(AUTH_DATA_SOURCE, { strict: false })
      .query('SELECT username, user_id AS "userId" FROM coatcheck.usernames');
    expect(names).toEqual([{ username: 'Ada.King', userId: '5e7c3f2a-2222-4a4b-8c5d-000000000080' }]);
  });

  it('counts what users bring along, the same in a dry run and in an import; of users who are here already nothing', async () => {
    const users = [
      row(6101),
      row(6102, { encrypted_password: null, banned_until: '2999-01-01 00:00:00+00' }),
      row(6103, { banned_until: '2020-01-01 00:00:00+00' }),
      row(6104, { encrypted_password: '$6$salt$hash' }),
      row(6101),
    ];
    const factors = moving.path('counted.csv');
    writeFileSync(factors, `user_id,factor_type,status,secret\n${row(6101).id},totp,verified,${SECRET}\n`);
    const brought = cameAlong({ passwords: 2, bans: 1, 'authenticator apps': 1 });
    for (const args of [['--dry-run'], []])
      expect((await supabase(users, '--with', `mfa_factors=${factors}`, ...args)).out).toContain(brought);
    const report = moving.path('counted.jsonl');
    const again = await supabase([...users, row(6105)], '--with', `mfa_factors=${factors}`, '--report', report);
    expect(again.out).toContain(cameAlong({ passwords: 1 }));
    const { summary } = JSON.parse(readFileSync(report, 'utf8').trimEnd().split('\n').at(-1)!);
    expect(summary.brought).toMatchObject({ passwords: 1, bans: 0, authenticator_apps: 0 });
  });

  it('of a list of our own says how many admins are in it', async () => {
    const [admin, other] = [{ email: 'own-6201@example.com', roles: ['admin'] }, { email: 'own-6202@example.com' }];
    const { out } = await moving.import([], `${JSON.stringify(admin)}\n${JSON.stringify(other)}\n`);
    expect(out).toContain(cameAlong({ admins: 1 }));
  });

  it('makes no user an admin whom the export calls one, unless that role is mapped', async () => {
    const users = [
      { id: '5e7c3f2a-6666-4a4b-8c5d-000000000001', email: 'chief@keycloak.example', realmRoles: ['admin'] },
    ];
    writeFileSync(
      moving.path('chief.json'),
      JSON.stringify({ realm: 'shop', users: [{ ...users[0], enabled: true }] }),
    );
    const args = ['--from', 'keycloak', moving.path('chief.json')];
    const mapped = await moving.import([...args, '--roles', 'admin=admin', '--dry-run']);
    expect(mapped.out).toContain(cameAlong({ admins: 1 }));
    const { out } = await moving.import(args);
    expect(out).toContain('  note: roles_left_out: 1\n');
    expect(out).toContain(cameAlong({}));
    expect(await moving.find('chief@keycloak.example')).toMatchObject({ roles: [] });
  });

  it('leaves hashes of unknown form out where it is asked to', async () => {
    const { code, out } = await supabase(
      [row(5601, { encrypted_password: '$6$salt$hash' })],
      '--without-unknown-hashes',
    );
    expect([code, out]).toEqual([
      0,
      `1 imported, 0 already here, 0 refused\n  note: password_left_out: 1\n${cameAlong({})}\n`,
    ]);
    expect((await moving.logIn('moved-5601@example.com')).body.code).toBe('invalid_credentials');
  });

  it('takes UTF-16, CSV and standard input as well', async () => {
    const csv = `id,email,encrypted_password,banned_until,email_confirmed_at\n${row(5501).id},moved-5501@example.com,${BCRYPT},,2023-05-04\n`;
    writeFileSync(moving.path('utf16.csv'), Buffer.from(`\uFEFF${csv}`, 'utf16le'));
    expect((await moving.import(['--from', 'supabase', moving.path('utf16.csv')])).out).toContain('1 imported');
    expect((await moving.logIn('moved-5501@example.com', PASSWORD)).status).toBe(200);
    const { out } = await moving.import(['--from', 'supabase'], `${JSON.stringify(row(5502))}\n{"id":\n`);
    expect(out).toBe(
      `1 imported, 0 already here, 1 refused\n  refused: not_json: 1 (at 2)\n${cameAlong({ passwords: 1 })}\n`,
    );
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
