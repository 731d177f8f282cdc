import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { Readable } from 'node:stream';
import { betterAuthReader } from '../../src/moving-in/better-auth/better-auth.reader.js';
import { type AuthTestApp, SoftwareAuthenticator, type SoftwarePasskey } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import {
  type Beside,
  logIn,
  logInWithApp,
  type MovedIn,
  moveIn,
  PASSWORDS,
  proveAllMailboxes,
  readSample,
  sample,
  storedUser,
} from './moving-user.js';

const at = (name: string) => `${name}@better-auth.example`;
const SECRETS: { secret: string; withApp: string; rotated: string } = JSON.parse(sample('better-auth/secrets.json'));
const PARAMETERS = { secret: SECRETS.secret, rpId: 'localhost' };
const AS_TABLES: Beside = {
  companions: {
    account: 'better-auth/account.csv',
    'two-factor': 'better-auth/two-factor.csv',
    passkey: 'better-auth/passkey.csv',
  },
  parameters: PARAMETERS,
};

/** The authenticator that has registered at better-auth. */
function phoneOfThen(): SoftwareAuthenticator {
  const { id, rpId, userHandle, privateKey } = JSON.parse(sample('better-auth/authenticator.json'));
  const key: KeyObject = createPrivateKey(privateKey);
  const phone = new SoftwareAuthenticator({ origin: 'http://localhost:3000' });
  const passkey = { id: Buffer.from(id, 'base64url'), rpId, userHandle, counter: 0 };
  phone.passkeys.push({
    ...passkey,
    key: { sign: (data: Uint8Array) => sign('sha256', data, key) },
  } as SoftwarePasskey);
  return phone;
}

describe('users of better-auth', () => {
  let app: AuthTestApp;
  let moved: MovedIn;
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session'] });
    moved = await moveIn(app, betterAuthReader, 'better-auth/tables.json', { parameters: PARAMETERS });
  });
  afterAll(() => app.close());

  const logInByPasskey = async (phone = phoneOfThen(), wrong = {}) => {
    const client = app.client();
    const { body: options } = await client.post('/auth/login/passkey/options', {});
    return client.post('/auth/login/passkey', { credential: phone.get(options, wrong) });
  };

  it('all come along, and are verified as there', async () => {
    expect(moved.refused).toEqual([]);
    expect((await storedUser(app, at('proven'))).verifiedAt).not.toBeNull();
    expect(await storedUser(app, at('plain'))).toMatchObject({ name: 'Ada Lovelace', verifiedAt: null });
    const { user } = moved.read.get(at('plain'))!;
    expect((await storedUser(app, at('plain'))).createdAt).toEqual(new Date(user.createdAt!));
    await proveAllMailboxes(app);
  });

  it.each(Object.keys(PASSWORDS))('log in by their old password: %s', async (name) => {
    expect(await logIn(app, at(name), PASSWORDS[name]!.slice(1))).toBe('invalid_credentials');
    expect(await logIn(app, at(name), PASSWORDS[name]!)).toBe('200');
  });

  it('log in however their keyboard composes letters: it normalizes by NFKC, as we do', async () => {
    for (const [name, form] of [
      ['composed', 'NFD'],
      ['decomposed', 'NFC'],
      ['ligature', 'NFKC'],
    ] as const)
      expect(await logIn(app, at(name), PASSWORDS[name]!.normalize(form))).toBe('200');
  });

  it('go on with their authenticator app, once it was confirmed', async () => {
    expect(await logInWithApp(app, at('with_app'), PASSWORDS.plain!, SECRETS.withApp)).toBe(200);
    expect(await logIn(app, at('half_enrolled'), PASSWORDS.plain!)).toBe('200');
    expect(moved.read.get(at('with_app'))!.notes).toEqual(['recovery_codes_left_out']);
  });

  it('stay banned, and until when', async () => {
    expect(await storedUser(app, at('banned'))).toMatchObject({ banReason: 'spam', bannedUntil: null });
    expect((await storedUser(app, at('banned_until'))).bannedUntil).toBeInstanceOf(Date);
    for (const name of ['banned', 'banned_until'])
      expect(await logIn(app, at(name), PASSWORDS.plain!)).toBe('user_banned');
  });

  it('log in by the passkey that they have registered there, which no password login asks for', async () => {
    expect(await logIn(app, at('with_passkey'), PASSWORDS.plain!)).toBe('200');
    const { id } = await storedUser(app, at('with_passkey'));
    for (let times = 0; times < 2; times++) {
      const { status, body } = await logInByPasskey();
      expect([status, body.user?.id]).toEqual([200, id]);
    }
  });

  it('do not log in by it with another key, another handle of ours, or another domain', async () => {
    const { id: strangerId } = await storedUser(app, at('plain'));
    const ours = Buffer.from(strangerId.replaceAll('-', ''), 'hex').toString('base64url');
    const another = new SoftwareAuthenticator({ origin: 'http://localhost:3000' });
    another.create({ challenge: 'AAAA', rp: { id: 'localhost' }, user: { id: 'AAAA' } });
    for (const wrong of [
      { signedBy: another },
      { signature: 'flipped' as const },
      { userHandle: ours },
      { rpId: 'example.com' },
    ]) {
      const { status, body } = await logInByPasskey(phoneOfThen(), wrong);
      expect([status, body.code]).toEqual([401, 'invalid_credentials']);
    }
    expect((await logInByPasskey(phoneOfThen(), { userHandle: null })).status).toBe(200);
  });

  it('log in by it also when the handle of the other system is as long as ours, and no user’s', async () => {
    const { id } = await storedUser(app, at('with_passkey'));
    const userHandle = Buffer.alloc(16, 7).toString('base64url');
    const { status, body } = await logInByPasskey(phoneOfThen(), { userHandle });
    expect([status, body.user?.id]).toEqual([200, id]);
  });

  it('who have signed up with a provider are told of what stays behind, and bring roles by name', () => {
    expect(moved.read.get(at('with_google'))!.notes).toEqual(['provider_login_left_out']);
    expect(moved.read.get(at('with_google'))!.user).not.toHaveProperty('passwordHash');
    expect(moved.read.get(at('chief'))!.user.roles).toEqual(['admin']);
  });
});

describe('exports of better-auth', () => {
  it('as tables of CSV say the same as one JSON', async () => {
    const json = await readSample(betterAuthReader, 'better-auth/tables.json', { parameters: PARAMETERS });
    const csv = await readSample(betterAuthReader, 'better-auth/user.csv', AS_TABLES);
    const withoutPlace = (records: typeof json) => records.map(({ at: _at, ...record }) => record);
    expect(withoutPlace(csv)).toEqual(withoutPlace(json));
  });

  it('with rotated secrets are opened by the one of their version, given as BETTER_AUTH_SECRETS is', async () => {
    for (const secret of [`3:newer,2:${SECRETS.secret}`, SECRETS.secret]) {
      const [record] = await readSample(betterAuthReader, 'better-auth/rotated.json', { parameters: { secret } });
      expect(record).toMatchObject({ user: { factors: { totp: { secret: SECRETS.rotated } } } });
    }
  });

  it.each([
    ['missing', {}],
    ['wrong', { secret: 'another' }],
  ])(
    'whose secret is %s refuse users with an authenticator app, rather than let them in without',
    async (how, parameters) => {
      const records = await readSample(betterAuthReader, 'better-auth/tables.json', { parameters });
      expect(records.filter((record) => 'refused' in record)).toMatchObject([{ refused: `secret_parameter_${how}` }]);
    },
  );

  it.each([
    ['passwords', 'account', {}, 'account'],
    [
      'authenticator apps',
      'twoFactor',
      { account: 'better-auth/account.csv', passkey: 'better-auth/passkey.csv' },
      'two-factor',
    ],
    [
      'passkeys, whose domain is given',
      'passkey',
      { account: 'better-auth/account.csv', 'two-factor': 'better-auth/two-factor.csv' },
      'passkey',
    ],
  ])(
    'without the table of the %s are not read: users who are here are never changed, and would stay without',
    async (_, table, companions, option) => {
      const read = readSample(betterAuthReader, 'better-auth/user.csv', { companions, parameters: PARAMETERS });
      await expect(read).rejects.toMatchObject({
        message: expect.stringContaining(`in the table ${table}.`),
        remedy: expect.stringContaining(`--with ${option}=FILE`),
      });
    },
  );

  it.each([
    ['account', 'account'],
    ['twoFactor', 'two-factor'],
    ['passkey', 'passkey'],
  ])('as one JSON without the table %s are not read either', async (table, option) => {
    const { [table]: _, ...others } = JSON.parse(sample('better-auth/tables.json'));
    const input = Readable.from([Buffer.from(JSON.stringify(others))]);
    const read = Readable.from(betterAuthReader.read(input, { companions: {}, parameters: PARAMETERS })).toArray();
    await expect(read).rejects.toMatchObject({ remedy: expect.stringContaining(`--with ${option}=FILE`) });
  });

  it('without the domain of the passkeys leave them behind, which is told', async () => {
    const parameters = { secret: SECRETS.secret };
    const records = await readSample(betterAuthReader, 'better-auth/tables.json', { parameters });
    const [holder] = records.filter((record) => 'user' in record && record.user.email === at('with_passkey'));
    expect(holder).toMatchObject({ notes: ['passkey_left_out'] });
    expect(holder).not.toHaveProperty('user.factors');
  });
});
