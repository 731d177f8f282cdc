import { readFileSync, writeFileSync } from 'node:fs';
import { v5 } from 'uuid';
import { SoftwareAuthenticator } from '../../src/testing/index.js';
import { codeAt } from '../flows/authenticator-app.js';
import { ORIGIN } from '../flows/passkey-holder.js';
import { cameAlong, MovingApp, PASSWORD } from './moving-app.js';

let moving: MovingApp;
beforeAll(async () => {
  moving = await MovingApp.boot();
});
afterAll(() => moving.close());

/** Logs in by password, then by the app of this secret. */
async function logInWithApp(email: string, secret: string) {
  const client = moving.app.client();
  const half = await client.post('/auth/login', { email, password: PASSWORD });
  expect(half.body).toMatchObject({ status: 'factor_required', factors: ['totp'] });
  const code = codeAt(secret, moving.app.clock.now());
  return client.post('/auth/login/factor', { loginToken: half.body.loginToken, factor: 'totp', code });
}

/** That of another system whose ids are no UUIDs. */
const idOf = (system: string, id: string) => v5(id, v5(`urn:coatcheck:import:${system}`, v5.URL));

describe('users of Keycloak', () => {
  beforeAll(async () => {
    const file = moving.sample('keycloak/shop-realm.json');
    const { code, out } = await moving.import(['--from', 'keycloak', file, '--roles', 'editor=author']);
    expect(out).toBe(
      [
        '7 imported, 0 already here, 2 refused',
        '  refused: no_email: 1 (at 8)',
        '  refused: service_account: 1 (at 9)',
        '  note: metadata_left_out: 1',
        '  note: username_left_out: 7',
        '  note: roles_left_out: 1',
        '  note: address_unverified: 1',
        '  note: must_change_password: 1',
        '  note: second_factor_left_out: 1',
        '  note: provider_login_left_out: 1',
        `${cameAlong({ passwords: 6, bans: 1, 'authenticator apps': 1 })}\n`,
      ].join('\n'),
    );
    expect(code).toBe(1);
  });

  it.each(['argon', 'old', 'eight'])('log in by the old password, whatever hashed it: %s', async (name) => {
    expect((await moving.logIn(`${name}@keycloak.example`, 'another engine')).body.code).toBe('invalid_credentials');
    expect((await moving.logIn(`${name}@keycloak.example`)).status).toBe(200);
  });

  it('log in by the authenticator app they have, and keep id, name and date', async () => {
    // Keycloak's secret is the text itself.
    const secret = 'JRXEUUDRLBRFONDELJVVIODTKZUFSMTD';
    const { status, body } = await logInWithApp('ada@keycloak.example', secret);
    expect([status, body.user]).toMatchObject([
      200,
      { id: 'dbfcd8d1-f119-4c89-9409-544382abb11b', name: 'Ada Lovelace', createdAt: '2023-09-02T15:50:53.579Z' },
    ]);
  });

  it('are banned where they were disabled, and unproven where their address was', async () => {
    expect((await moving.logIn('disabled@keycloak.example')).body.code).toBe('user_banned');
    expect((await moving.logIn('long@keycloak.example')).body.code).toBe('email_unverified');
  });

  it('of whom the export does not say that they are enabled are banned, as Keycloak’s own import has it, which is told', async () => {
    const [id, email] = ['5e7c3f2a-3333-4a4b-8c5d-000000000077', 'unsaid@keycloak.example'];
    const users = [{ id, username: email, email, emailVerified: true, enabled: null }];
    writeFileSync(moving.path('unsaid.json'), JSON.stringify({ realm: 'shop', users }));
    const { out } = await moving.import(['--from', 'keycloak', moving.path('unsaid.json')]);
    expect(out).toContain('  note: missing_enabled_became_ban: 1\n');
    expect(out).toContain(cameAlong({ bans: 1 }));
    expect((await moving.find(email)).status).toBe('banned');
  });

  it('whose user name is taken for their address have proven it by nothing', async () => {
    const username = 'claimed@keycloak.example';
    const user = { id: '5e7c3f2a-3333-4a4b-8c5d-000000000009', username, emailVerified: true, enabled: true };
    writeFileSync(moving.path('named.json'), JSON.stringify({ realm: 'shop', users: [user] }));
    const { out } = await moving.import(['--from', 'keycloak', moving.path('named.json'), '--dry-run']);
    expect(out).toContain('1 can be imported, 0 already here, 0 refused\n  note: address_unverified: 1\n');
  });

  it('of LDAP are told apart: their password is there', async () => {
    const [id, email] = ['5e7c3f2a-3333-4a4b-8c5d-000000000001', 'ldap@keycloak.example'];
    const user = {
      id,
      username: email,
      email,
      emailVerified: true,
      enabled: true,
      federationLink: 'f1',
      credentials: [],
    };
    writeFileSync(moving.path('ldap.json'), JSON.stringify({ realm: 'shop', users: [user] }));
    const { out } = await moving.import(['--from', 'keycloak', moving.path('ldap.json'), '--dry-run']);
    expect(out).toContain('1 can be imported, 0 already here, 0 refused\n  note: directory_password_left_out: 1\n');
  });

  it('whose password a plugin has hashed by bcrypt log in by it; one of another form is told apart from one that cannot be read', async () => {
    const BCRYPT = '$2b$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S';
    const users = [
      ['bcrypt', BCRYPT],
      ['blake', 'AAAA'],
      ['pbkdf2-sha256', 'AAAA'],
    ].map(([algorithm, value], index) => ({
      id: `5e7c3f2a-5555-4a4b-8c5d-00000000000${index}`,
      email: `by.${algorithm}@keycloak.example`,
      ...{ enabled: true, emailVerified: true },
      credentials: [
        {
          type: 'password',
          secretData: JSON.stringify({ value, salt: '' }),
          credentialData: JSON.stringify({ hashIterations: 10, algorithm }),
        },
      ],
    }));
    writeFileSync(moving.path('plugins.json'), JSON.stringify({ realm: 'shop', users }));
    const { out } = await moving.import(['--from', 'keycloak', moving.path('plugins.json')]);
    expect(out).toBe(
      [
        '1 imported, 0 already here, 2 refused',
        '  refused: unknown_hash: 1 (at 2)',
        '  refused: password_unreadable: 1 (at 3)',
        `${cameAlong({ passwords: 1 })}\n`,
      ].join('\n'),
    );
    expect((await moving.logIn('by.bcrypt@keycloak.example')).status).toBe(200);
  });

  it('whose password was good for one login only choose a new one', async () => {
    expect((await moving.logIn('temporary@keycloak.example')).body.code).toBe('invalid_credentials');
  });

  it('have those roles that were mapped, by the names of ours', async () => {
    expect(await moving.find('argon@keycloak.example')).toMatchObject({ roles: ['author'] });
  });

  it('come also from the files of users alone, and are here already', async () => {
    const { code, out } = await moving.import(['--from', 'keycloak', moving.sample('keycloak/shop-users-0.json')]);
    expect([code, out]).toEqual([0, '0 imported, 1 already here, 0 refused\n']);
  });
});

describe('passkeys of Keycloak', () => {
  const authenticator = new SoftwareAuthenticator({ origin: ORIGIN });
  const base = { enabled: true, emailVerified: true, createdTimestamp: 1693669853579 };

  /** A user who has created a passkey there: Keycloak's user handle is the text of the id. */
  function userWith(type: string, id: string, email: string) {
    const user = { id: Buffer.from(id).toString('base64url'), name: email, displayName: email };
    authenticator.create({ challenge: 'there', rp: { id: 'localhost' }, user });
    const { id: credentialId, key } = authenticator.passkeys.at(-1)!;
    const data = {
      aaguid: '00000000-0000-0000-0000-000000000000',
      credentialId: credentialId.toString('base64'),
      counter: 0,
      credentialPublicKey: Buffer.from(key.publicKey).toString('base64url'),
      attestationStatementFormat: 'none',
      transports: ['usb'],
    };
    const passkey = { type, userLabel: 'YubiKey', createdDate: 1693669854698, secretData: '{}' };
    return { ...base, id, username: email, email, credentials: [{ ...passkey, credentialData: JSON.stringify(data) }] };
  }

  it.each([
    ['webauthn', '5e7c3f2a-1111-4a4b-8c5d-000000000001'],
    ['webauthn-passwordless', '5e7c3f2a-1111-4a4b-8c5d-000000000002'],
  ])('log their user in under the same domain: %s', async (type, id) => {
    const email = `${type}@keycloak.example`;
    writeFileSync(moving.path('realm.json'), JSON.stringify({ realm: 'shop', users: [userWith(type, id, email)] }));
    writeFileSync(moving.path('settings.txt'), 'rpId: localhost\n');
    const args = ['--from', 'keycloak', moving.path('realm.json')];
    const without = await moving.import([...args, '--dry-run']);
    expect(without.out).toContain('note: passkey_left_out: 1');
    const { out } = await moving.import([...args, '--settings', moving.path('settings.txt')]);
    expect(out).toBe(`1 imported, 0 already here, 0 refused\n  note: no_password: 1\n${cameAlong({ passkeys: 1 })}\n`);
    const client = moving.app.client();
    const { body: options } = await client.post('/auth/login/passkey/options', {});
    const { status, body } = await client.post('/auth/login/passkey', { credential: authenticator.get(options) });
    expect([status, body.user?.id]).toEqual([200, id]);
  });
});

describe('users of Supabase', () => {
  beforeAll(async () => {
    const factors = `mfa_factors=${moving.sample('supabase/mfa_factors.csv')}`;
    const { out } = await moving.import(['--from', 'supabase', moving.sample('supabase/users.csv'), '--with', factors]);
    expect(out).toContain('7 imported, 0 already here, 3 refused\n');
    for (const reason of ['deleted: 1 (at 6)', 'phone_only: 1 (at 9)', 'banned_until_unreadable: 1 (at 10)'])
      expect(out).toContain(`  refused: ${reason}\n`);
  });

  it('log in by the old password, and keep id, name and date', async () => {
    const { status, body } = await moving.logIn('ada@supabase.example');
    expect([status, body.user]).toMatchObject([
      200,
      { id: '7d3c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11', name: 'Ada Lovelace', createdAt: '2023-05-04T09:00:00.500Z' },
    ]);
    expect((await moving.logIn('firebase@supabase.example', 'user1password')).status).toBe(200);
  });

  it('log in by the authenticator app they have', async () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect((await logInWithApp('app@supabase.example', secret)).status).toBe(200);
  });

  it('are banned as long as they were, and no longer', async () => {
    expect((await moving.logIn('banned@supabase.example')).body.code).toBe('user_banned');
    expect(await moving.find('banned@supabase.example')).toMatchObject({ bannedUntil: '2123-01-01T00:00:00.000Z' });
    expect((await moving.logIn('was-banned@supabase.example')).status).toBe(200);
    expect((await moving.logIn('unproven@supabase.example')).body.code).toBe('email_unverified');
  });
});

describe('users of Firebase', () => {
  const settings = () => ['--settings', moving.sample('firebase/hash-config.txt')];
  const id = idOf('firebase', '0TlmFFOgSNe5pMHQuxlrA1bWQw22');

  it('are not imported before the parameters of their hashes are there', async () => {
    const { code, out, err } = await moving.import(['--from', 'firebase', moving.sample('firebase/users.json')]);
    expect([code, out]).toEqual([1, expect.stringContaining('0 imported')]);
    expect(err).toContain('--settings FILE');
  });

  it('log in by the old password; the id is derived from the old one', async () => {
    const args = ['--from', 'firebase', moving.sample('firebase/users.json'), ...settings()];
    const { out } = await moving.import([...args, '--ids', moving.path('ids.csv')]);
    expect(out).toContain('4 imported, 0 already here, 2 refused\n');
    const { status, body } = await moving.logIn('ada@firebase.example', 'user1password');
    const createdAt = '2017-02-05T19:49:37.000Z';
    expect([status, body.user]).toMatchObject([200, { id, name: 'Ada Lovelace', createdAt }]);
    expect(readFileSync(moving.path('ids.csv'), 'utf8')).toContain(
      `old id,new id\n0TlmFFOgSNe5pMHQuxlrA1bWQw22,${id}\n`,
    );
    expect((await moving.logIn('disabled@firebase.example', 'user1password')).body.code).toBe('user_banned');
    expect((await moving.logIn('unproven@firebase.example', 'user1password')).body.code).toBe('email_unverified');
  });

  it('are not read from CSV, in which the name of a user can hold the row of another', async () => {
    const file = moving.path('firebase.csv');
    const row = (id: string, email: string, name: string) =>
      `${id},${email},true,,,${name},,,,,,,,,,,,,,,,,,1486324177000,1486324177000,,false,,\n`;
    const forged = row('forged', 'victim@firebase.example', 'Mallory');
    writeFileSync(
      file,
      row('own', 'mallory@firebase.example', `x",${','.repeat(16)}1,1,,false,,\n${forged.trim()}\n"`),
    );
    for (const csv of [file, moving.sample('firebase/users.csv')]) {
      const { code, out, err } = await moving.import(['--from', 'firebase', csv, ...settings()]);
      expect([code, out]).toEqual([1, '0 imported, 0 already here, 0 refused\n']);
      expect(err).toContain('firebase auth:export users.json');
    }
    expect(await moving.find('victim@firebase.example')).toBeUndefined();
  });
});

describe('users of Auth0', () => {
  const companions = () => [
    ...['--with', `hashes=${moving.sample('auth0/hashes.json')}`],
    ...['--with', `totp=${moving.sample('auth0/totp.json')}`],
  ];

  it('log in by the old password and the authenticator app; the id is derived from the old one', async () => {
    const { out } = await moving.import(['--from', 'auth0', moving.sample('auth0/users.json'), ...companions()]);
    expect(out).toContain('5 imported, 0 already here, 1 refused\n  refused: phone_only: 1 (at 6)\n');
    const { status, body } = await moving.logIn('ada@auth0.example');
    const id = idOf('auth0', 'auth0|60425da93519d90068f82966');
    const createdAt = '2021-03-05T16:34:49.502Z';
    expect([status, body.user]).toMatchObject([200, { id, name: 'Ada Lovelace', createdAt }]);
    expect((await logInWithApp('app@auth0.example', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')).status).toBe(200);
    expect((await moving.logIn('blocked@auth0.example')).body.code).toBe('user_banned');
    expect((await moving.logIn('unproven@auth0.example')).body.code).toBe('email_unverified');
    expect((await moving.logIn('google@auth0.example')).body.code).toBe('invalid_credentials');
  });

  it('are read by the names of the export extension too, and an id that has moved on is not overwritten', async () => {
    const { out } = await moving.import(['--from', 'auth0', moving.sample('auth0/extension.csv')]);
    expect(out).toContain('0 imported, 0 already here, 1 refused\n  refused: id_of_another_address: 1 (at 2)\n');
    expect(await moving.find('ada-csv@auth0.example')).toBeUndefined();
  });

  it('are not imported from the file of hashes, which does not say who is blocked', async () => {
    const { code, err } = await moving.import(['--from', 'auth0', moving.sample('auth0/hashes.json')]);
    expect([code, err]).toEqual([1, expect.stringContaining('it does not say who is blocked')]);
  });
});

describe('users of Cognito', () => {
  beforeAll(async () => {
    const { out } = await moving.import(['--from', 'cognito', moving.sample('cognito/users.json')]);
    expect(out).toContain('5 imported, 0 already here, 2 refused\n');
    expect(out).toContain('  note: no_password: 5\n');
    const csv = await moving.import(['--from', 'cognito', moving.sample('cognito/users.csv')]);
    expect(csv.out).toContain('2 imported, 0 already here, 0 refused\n');
  });

  it('choose a new password by mail, and keep id, name and date', async () => {
    const email = 'ada@cognito.example';
    expect((await moving.app.client().post('/auth/password/forgot', { email })).status).toBe(202);
    const token = await moving.app.mailedToken(email);
    const password = 'a loom weaves flowers and leaves';
    expect((await moving.app.client().post('/auth/password/reset', { token, password })).status).toBe(204);
    const { status, body } = await moving.logIn(email, password);
    const createdAt = '2024-11-19T00:24:04.217Z';
    const id = '22704aa3-fc10-479a-97eb-2af5806bd327';
    expect([status, body.user]).toMatchObject([200, { id, name: 'Ada Lovelace', createdAt }]);
  });

  it('are banned where they were disabled or compromised', async () => {
    for (const name of ['disabled', 'stolen', 'gone'])
      expect(await moving.find(`${name}@cognito.example`)).toMatchObject({ status: 'banned' });
    expect(await moving.find('odd@cognito.example')).toBeUndefined();
    expect(await moving.find('unproven@cognito.example')).toMatchObject({ emailVerified: false });
  });
});
