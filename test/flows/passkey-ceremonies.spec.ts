import { createHash, randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { PasskeyStore } from '../../src/factors/passkey/passkey.store.js';
import { type AuthTestApp, type Misbehaviour, SoftwareAuthenticator, type TestReply } from '../../src/testing/index.js';
import { StoreCalls } from './counting-providers.js';
import { bootWithMadeUsers } from './made-users.js';
import { ORIGIN, PasskeyHolder } from './passkey-holder.js';

let app: AuthTestApp;
beforeAll(async () => {
  app = await bootWithMadeUsers({ authStrategies: ['session'] });
});
afterAll(() => app.close());

const securityKey = () => new SoftwareAuthenticator({ origin: ORIGIN, synced: false });
const storedOf = async ({ user }: PasskeyHolder) => app.app.get(PasskeyStore, { strict: false }).listOf(user.userId);
/** Events are told apart by their instants. */
const tick = () => app.clock.advance(0.01);
const lastReason = async (type: string) => {
  const database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const [event] = await database.query(
    'SELECT reason FROM coatcheck.audit_events WHERE type = $1 ORDER BY id DESC LIMIT 1',
    [type],
  );
  return event?.reason;
};
const someoneNew = async () => new PasskeyHolder(app, await app.logIn());

function expectRefused({ status, body }: TestReply): void {
  expect([status, body.code]).toEqual([401, 'invalid_credentials']);
}

/** A registration that is refused says so, and leaves the session that asked for it alone. */
function expectNotRegistered({ status, body }: TestReply): void {
  expect([status, body.code, body.errors?.[0]?.field]).toEqual([400, 'validation_failed', 'credential']);
}

/** What is wrong with an answer to creation options and to request options alike. */
const WRONG: readonly [row: string, what: string, reason: string, wrong: Misbehaviour][] = [
  [
    'WAN-01',
    'an invented challenge',
    'challenge_unknown_or_spent',
    { clientData: { challenge: randomBytes(32).toString('base64url') } },
  ],
  ['WAN-01', 'no challenge', 'challenge_unknown_or_spent', { clientData: { challenge: '' } }],
  ['WAN-01', 'a challenge that is no text', 'challenge_unknown_or_spent', { clientData: { challenge: ['x'] } }],
  ['WAN-02', 'another ceremony’s type', 'other_ceremony', { clientData: { type: 'webauthn.nothing' } }],
  ['WAN-02', 'another scheme', 'other_origin', { clientData: { origin: 'https://localhost:3000' } }],
  ['WAN-02', 'another port', 'other_origin', { clientData: { origin: 'http://localhost:3001' } }],
  ['WAN-02', 'a subdomain', 'other_origin', { clientData: { origin: 'http://www.localhost:3000' } }],
  ['WAN-02', 'a look-alike', 'other_origin', { clientData: { origin: 'http://localhost:3000.evil.example' } }],
  ['WAN-02', 'no origin', 'other_origin', { clientData: { origin: undefined } }],
  ['WAN-03', 'another relying party', 'ceremony_refused', { rpId: 'example.com' }],
  ['WAN-03', 'a relying party below', 'ceremony_refused', { rpId: 'www.localhost' }],
  ['WAN-04', 'nobody present', 'ceremony_refused', { userPresent: false }],
  ['WAN-06', 'another rawId', 'ceremony_refused', { credential: { rawId: randomBytes(32).toString('base64url') } }],
  ['WAN-06', 'another type of credential', 'ceremony_refused', { credential: { type: 'password' } }],
  ['WAN-08', 'backed up, though not eligible', 'ceremony_refused', { backupEligible: false, backedUp: true }],
  ['WAN-09', 'a frame', 'framed', { clientData: { crossOrigin: true } }],
  [
    'WAN-09',
    'a frame of another site',
    'framed',
    { clientData: { crossOrigin: true, topOrigin: 'https://evil.example' } },
  ],
  ['WAN-09', 'a page above it', 'top_origin_without_frame', { clientData: { topOrigin: 'https://evil.example' } }],
];

describe('registering a passkey', () => {
  it.each(['ES256', 'EdDSA', 'RS256'] as const)('takes %s, and logs in by it', async (algorithm) => {
    const holder = await PasskeyHolder.enrolled(
      app,
      'session',
      new SoftwareAuthenticator({ origin: ORIGIN, algorithm }),
    );
    expect((await holder.logIn()).status).toBe(200);
  });

  it.each(['none', 'self'] as const)('takes attestation %s', async (attestation) => {
    expect((await (await someoneNew()).register({ wrong: { attestation } })).status).toBe(201);
  });

  it.each([
    ...WRONG,
    ['WAN-02', 'the type of an assertion', 'other_ceremony', { clientData: { type: 'webauthn.get' } }],
    ['WAN-06', 'a broken attestation', 'attestation_refused', { attestation: 'tampered' }],
    ['WAN-06', 'an attestation by another key', 'attestation_refused', { attestation: 'self', signedBy: keyring() }],
    ['WAN-06', 'a statement where nothing is attested', 'ceremony_refused', { attestation: 'none-with-statement' }],
    ['WAN-06', 'a certificate nobody asked for', 'attestation_not_asked_for', { attestation: 'certified' }],
    ['WAN-06', 'an attestation of no known kind', 'attestation_not_asked_for', { attestation: 'unknown' }],
    [
      'WAN-06',
      'no attestation object',
      'challenge_unknown_or_spent',
      { credential: { response: { clientDataJSON: 'e30', attestationObject: '' } } },
    ],
    ['WAN-07', 'an id of 1024 bytes', 'credential_id_too_long', { credentialId: randomBytes(1024) }],
  ] as typeof WRONG)('%s: refuses %s (%s)', async (_row, _what, reason, wrong) => {
    const holder = await someoneNew();
    tick();
    expectNotRegistered(await holder.register({ wrong }));
    expect(await lastReason('passkey.registration_failed')).toBe(`passkey_${reason}`);
    expect(await storedOf(holder)).toEqual([]);
    expect((await holder.user.get('/auth/me')).status).toBe(200);
  });

  it('WAN-07: takes an id of 1023 bytes, and refuses an algorithm it did not offer', async () => {
    expect((await (await someoneNew()).register({ wrong: { credentialId: randomBytes(1023) } })).status).toBe(201);
    const odd = new SoftwareAuthenticator({ origin: ORIGIN, algorithm: 'ES384' });
    const { user } = await someoneNew();
    expectNotRegistered(await new PasskeyHolder(app, user, odd).register());
  });

  it.each([
    ['a point that is on no curve', `a5010203262001215820${'00'.repeat(32)}225820${'00'.repeat(32)}`],
    ['coordinates that are texts', 'a50102032620012161612261' + '62'],
    ['an algorithm and nothing else', 'a10326'],
    ['arrays in arrays', '81'.repeat(30_000)],
    ['a map of 2^64 entries', 'bbffffffffffffffff'],
  ])('WAN-07: refuses a key that could never log a user in: %s', async (_what, key) => {
    const holder = await someoneNew();
    const { id, ...credential } = holder.authenticator.create(await holder.creationOptions());
    const rawId = Buffer.from(id, 'base64url');
    const head = createHash('sha256').update('localhost').digest('hex');
    const attested = `${'00'.repeat(16)}0020${rawId.toString('hex')}${key}`;
    const authData = Buffer.from(`${head}4500000000${attested}`, 'hex');
    const length = authData.length.toString(16).padStart(8, '0');
    const map = `a363666d74646e6f6e656761747453746d74a06861757468446174615a${length}${authData.toString('hex')}`;
    const response = { ...credential.response, attestationObject: Buffer.from(map, 'hex').toString('base64url') };
    expectNotRegistered(await holder.send({ ...credential, id, response }));
    expect(await storedOf(holder)).toEqual([]);
  });

  it.each([
    '81'.repeat(36_000),
    'a101'.repeat(18_000),
    '9f'.repeat(20_000),
    '5bffffffffffffffff',
    'bbffffffffffffffff',
  ])('refuses an attestation that is no more than a bomb (%.12s)', async (bomb) => {
    const holder = await someoneNew();
    const credential = holder.authenticator.create(await holder.creationOptions());
    const attestationObject = Buffer.from(bomb, 'hex').toString('base64url');
    expectNotRegistered(await holder.send({ ...credential, response: { ...credential.response, attestationObject } }));
  });

  it('WAN-07: an id that was told for an address is taken for a stranger whether or not a user has it, and each logs in as themselves', async () => {
    const ada = await PasskeyHolder.enrolled(app);
    const toldFor = async (email: string) => {
      const { body } = await app.client().post('/auth/login/passkey/options', { email });
      return Buffer.from(body.allowCredentials[0].id, 'base64url');
    };
    for (const email of [ada.user.email, 'nobody-with-a-passkey@example.com']) {
      const eve = await someoneNew();
      const credentialId = await toldFor(email);
      expect((await eve.register({ wrong: { credentialId } })).status).toBe(201);
      expect((await ada.logIn()).body.user.id).toBe(ada.user.userId);
      expect((await eve.logIn()).body.user.id).toBe(eve.user.userId);
      // By her own key, whomever else she names.
      const userHandle = ada.authenticator.newest().userHandle;
      expectRefused(await eve.logIn({ wrong: { userHandle } }));
      expect((await eve.register({ wrong: { credentialId } })).status).toBe(409);
    }
  });

  it('R-08: of 5 registrations of one credential id by each of two users one each succeeds', async () => {
    const holders = [await someoneNew(), await someoneNew()];
    const credentialId = randomBytes(32);
    const attempts = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        const holder = holders[i % 2]!;
        const options = await holder.creationOptions();
        return { holder, credential: holder.authenticator.create(options, { credentialId }) };
      }),
    );
    const replies = await Promise.all(
      attempts.map(({ holder, credential }) =>
        holder.user.copyInto(app.client()).post('/auth/factors/passkeys', { credential }),
      ),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(2);
    for (const { status } of replies) expect([201, 401, 403, 409]).toContain(status);
    const stored = await Promise.all(holders.map(storedOf));
    const id = credentialId.toString('base64url');
    expect(stored.map((passkeys) => passkeys.map((passkey) => passkey.credentialId))).toEqual([[id], [id]]);
  });

  it('WAN-01: refuses a challenge of another session, of another user, of a login, one that is spent and one that is old', async () => {
    const [ada, eve] = [await someoneNew(), await someoneNew()];
    const second = new PasskeyHolder(app, await app.logInAgain(ada.user));
    const options = await ada.creationOptions();
    for (const other of [eve, second]) expectNotRegistered(await other.send(other.authenticator.create(options)));
    expect((await ada.send(ada.authenticator.create(options))).status).toBe(201);
    expectNotRegistered(await ada.send(ada.authenticator.create(options)));
    const { body: login } = await app.client().post('/auth/login/passkey/options', {});
    expectNotRegistered(
      await ada.send(ada.authenticator.create({ ...login, rp: { id: login.rpId }, user: options.user })),
    );
    const late = await eve.creationOptions();
    app.clock.advance(301);
    expectNotRegistered(await eve.send(eve.authenticator.create(late)));
  });

  it('WAN-10: no user registers one for another user: an id in the body is refused', async () => {
    const [ada, eve] = [await someoneNew(), await someoneNew()];
    const credential = eve.authenticator.create(await eve.creationOptions());
    const body = { credential, userId: ada.user.userId };
    expect((await eve.user.post('/auth/factors/passkeys', body)).body.code).toBe('validation_failed');
    expect(await storedOf(ada)).toEqual([]);
  });

  it('is told which passkeys there are already', async () => {
    const holder = await PasskeyHolder.enrolled(app);
    const { excludeCredentials, user, rp, challenge, attestation } = await holder.creationOptions();
    expect(excludeCredentials.map(({ id }: { id: string }) => id)).toEqual([
      holder.authenticator.newest().id.toString('base64url'),
    ]);
    expect([user.name, rp.id, attestation]).toEqual([holder.user.email, 'localhost', 'none']);
    expect(Buffer.from(challenge, 'base64url').length).toBeGreaterThanOrEqual(16);
    expect(Buffer.from(user.id, 'base64url').length).toBe(16);
  });
});

describe('logging in by a passkey', () => {
  let holder: PasskeyHolder;
  beforeAll(async () => {
    holder = await PasskeyHolder.enrolled(app, 'session', securityKey());
    expect((await holder.logIn()).status).toBe(200);
  });

  it.each([
    ...WRONG,
    ['WAN-02', 'the type of a registration', 'other_ceremony', { clientData: { type: 'webauthn.create' } }],
    ['WAN-04', 'a user who was not verified', 'ceremony_refused', { userVerified: false }],
    ['WAN-05', 'no user handle', 'user_handle_missing', { userHandle: null }],
    ['WAN-05', 'an empty user handle', 'user_handle_missing', { userHandle: '' }],
    ['WAN-05', 'another user handle', 'signature_wrong', { userHandle: randomBytes(16).toString('base64url') }],
    ['WAN-06', 'a flipped bit in the signature', 'signature_wrong', { signature: 'flipped' }],
    ['WAN-06', 'an empty signature', 'ceremony_refused', { signature: 'empty' }],
    ['WAN-06', 'another key', 'signature_wrong', { signedBy: keyring() }],
    ['WAN-08', 'a counter that stands still', 'counter_not_risen', { counter: 1 }],
    ['WAN-08', 'a counter that went back', 'counter_not_risen', { counter: 0 }],
    [
      'WAN-08',
      'a passkey that has become eligible for backups',
      'backup_eligibility_changed',
      { backupEligible: true },
    ],
  ] as typeof WRONG)('%s: refuses %s (%s)', async (_row, _what, reason, wrong) => {
    const before = await storedOf(holder);
    tick();
    const reply = await holder.logIn({ wrong });
    expectRefused(reply);
    expect(await lastReason('login.failed')).toBe(`passkey_${reason}`);
    expect(reply.setCookies.filter((line) => line.startsWith('session='))).toEqual([]);
    expect(await storedOf(holder)).toEqual(before);
  });

  it('goes on after all that', async () => {
    expect((await holder.logIn()).status).toBe(200);
  });

  it('WAN-01: refuses a challenge of another browser, of a registration, of a second factor, one that is spent and one that is old', async () => {
    const [here, there] = [app.client(), app.client()];
    const optionsAt = async (client = here) => (await client.post('/auth/login/passkey/options', {})).body;
    const log = async (options: { challenge: string }, client = here) =>
      client.post('/auth/login/passkey', { credential: holder.authenticator.get(options) });
    await optionsAt(there);
    expectRefused(await log(await optionsAt(), there));
    expectRefused(await log(await optionsAt(), app.client()));
    expectRefused(await log(await holder.creationOptions()));
    const loginToken = await holder.begin(here);
    expectRefused(await log((await here.post('/auth/login/passkey/options', { loginToken })).body));
    const options = await optionsAt();
    expect((await log(options)).status).toBe(200);
    expectRefused(await log(options));
    const late = await optionsAt();
    app.clock.advance(301);
    expectRefused(await log(late));
  });

  it('WAN-01: a client that keeps its tokens itself needs no cookie', async () => {
    const jwt = await bootWithMadeUsers({ authStrategies: ['jwt'] });
    const own = await PasskeyHolder.enrolled(jwt);
    const { body: options } = await jwt.client().post('/auth/login/passkey/options', {});
    const credential = own.authenticator.get(options);
    const reply = await jwt.client().post('/auth/login/passkey', { credential, transport: 'body' });
    expect([reply.status, typeof reply.body.refreshToken]).toEqual([200, 'string']);
    await jwt.close();
  });

  it.each(['', '\0', 'a\0b', '\ud800', 'AB', '%', 'x'.repeat(50_000)])(
    'WAN-06: refuses an id that is none (%j), whatever a database would say to it',
    async (id) => {
      const client = app.client();
      const { body: options } = await client.post('/auth/login/passkey/options', {});
      const credential = { ...holder.authenticator.get(options), id, rawId: id };
      expectRefused(await client.post('/auth/login/passkey', { credential }));
    },
  );

  it('WAN-05: another user’s passkey is no second factor, even with its own signature', async () => {
    const eve = await PasskeyHolder.enrolled(app);
    const client = app.client();
    const loginToken = await holder.begin(client);
    const { body: options } = await client.post('/auth/login/passkey/options', { loginToken });
    for (const userHandle of [undefined, null, holder.authenticator.newest().userHandle]) {
      const { body: fresh } = await client.post('/auth/login/passkey/options', { loginToken });
      const credential = eve.authenticator.get({ ...fresh, allowCredentials: [] }, { userHandle });
      expectRefused(await client.post('/auth/login/factor', { loginToken, factor: 'passkey', credential }));
    }
    expect(options.allowCredentials).toHaveLength(1);
    expect((await holder.proceed(client, loginToken)).status).toBe(200);
  });

  it('WAN-04: as second factor it need not verify its user, unless that is configured', async () => {
    const client = app.client();
    const weak = await holder.proceed(client, await holder.begin(client), { userVerified: false });
    expect(weak.status).toBe(200);
    const strict = await bootWithMadeUsers({ authStrategies: ['session'], webauthnUserVerification: 'required' });
    const other = await PasskeyHolder.enrolled(strict);
    const browser = strict.client();
    const token = await other.begin(browser);
    expectRefused(await other.proceed(browser, token, { userVerified: false }));
    expect((await other.proceed(browser, token)).status).toBe(200);
    await strict.close();
  });

  it('WAN-05: a second factor may leave the user handle out, as older keys do', async () => {
    const client = app.client();
    expect((await holder.proceed(client, await holder.begin(client), { userHandle: null })).status).toBe(200);
  });

  it('WAN-08: a copy of the key is found out when it is used, and the refusal says nothing of it', async () => {
    const thief = new PasskeyHolder(app, holder.user, holder.authenticator.clone());
    expect((await holder.logIn()).status).toBe(200);
    expectRefused(await thief.logIn());
    expect((await holder.logIn()).status).toBe(200);
  });

  it('WAN-08: of 10 assertions with one counter one succeeds, whatever their challenges', async () => {
    const { signatureCount } = (await storedOf(holder))[0]!;
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => holder.logIn({ wrong: { counter: signatureCount + 1 } })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(401)]);
  });

  it('WAN-08: a passkey that never counts goes on, and whether it is backed up is noted', async () => {
    const phone = await PasskeyHolder.enrolled(app);
    for (let i = 0; i < 3; i += 1) expect((await phone.logIn()).status).toBe(200);
    expect((await phone.logIn({ wrong: { backedUp: false } })).status).toBe(200);
    expect((await phone.list())[0]!.backedUp).toBe(false);
  });

  it('answers every odd shape of a credential with 400, and never with 5xx', async () => {
    const { body: options } = await app.client().post('/auth/login/passkey/options', {});
    const good = holder.authenticator.get(options);
    const odd: unknown[] = [null, 'text', 1, true, [], {}, { ...good, id: 1 }, { ...good, response: null }];
    odd.push({ ...good, response: { ...good.response, signature: {} } });
    odd.push({ ...good, response: { ...good.response, userHandle: 7 } });
    odd.push({ ...good, rawId: undefined });
    odd.push({ ...good, id: 'x'.repeat(60_000) });
    for (const credential of odd) {
      const { status, body } = await app.client().post('/auth/login/passkey', { credential });
      expect([credential, status, body.code]).toEqual([credential, 400, 'validation_failed']);
    }
    for (const field of ['clientDataJSON', 'authenticatorData', 'signature']) {
      for (const text of ['', '%', 'AA', '\0', 'e30', 'bnVsbA', '"', '=']) {
        const credential = { ...good, response: { ...good.response, [field]: text } };
        expectRefused(await app.client().post('/auth/login/passkey', { credential }));
      }
    }
  });
});

describe('what a passkey is asked for', () => {
  it('WAN-11: is alike for known and unknown users, and the same each time', async () => {
    const holder = await PasskeyHolder.enrolled(app);
    const { email: without } = await app.register();
    const shapes = new Set<string>();
    for (const email of [holder.user.email, without, 'nobody@example.com']) {
      const ask = async () => (await app.client().post('/auth/login/passkey/options', { email })).body;
      const [first, second] = [await ask(), await ask()];
      expect(first.allowCredentials).toEqual(second.allowCredentials);
      expect(first.challenge).not.toBe(second.challenge);
      const { allowCredentials, challenge, ...rest } = first;
      expect(allowCredentials.length).toBeGreaterThan(0);
      const [{ id, ...credential }] = allowCredentials;
      expect(Buffer.from(id, 'base64url').length).toBeGreaterThanOrEqual(16);
      shapes.add(
        JSON.stringify([Object.keys(first), rest, Object.keys(credential), credential.type, challenge.length]),
      );
    }
    expect(shapes.size).toBe(1);
  });

  it('WAN-11: asks the database as often for known as for unknown users, asked or answered', async () => {
    const statements = new StoreCalls();
    statements.watch(app);
    const { email: known } = (await PasskeyHolder.enrolled(app)).user;
    await app.mails();
    const ofEach = async (email: string) => {
      const client = app.client();
      let options: { challenge: string; allowCredentials: { id: string }[] };
      const requested = await statements.during(async () => {
        options = (await client.post('/auth/login/passkey/options', { email })).body;
      });
      const { id } = options!.allowCredentials[0]!;
      const credential = keyring().get({ ...options!, allowCredentials: [] });
      const answered = await statements.during(async () =>
        expectRefused(await client.post('/auth/login/passkey', { credential: { ...credential, id, rawId: id } })),
      );
      return [requested, answered];
    };
    // Now and then something else asks too, but not as often as this.
    const fewest = async (email: string) => {
      const rounds: number[][] = [];
      for (let round = 0; round < 5; round += 1) rounds.push(await ofEach(email));
      return [0, 1].map((step) => Math.min(...rounds.map((counts) => counts[step]!)));
    };
    expect(await fewest(known)).toEqual(await fewest(`${'x'.repeat(known.length - 12)}@example.com`));
  });

  it('names no passkeys when no user is named, and asks that the user be verified', async () => {
    const { status, body } = await app.client().post('/auth/login/passkey/options', {});
    expect([status, body.allowCredentials, body.userVerification, body.rpId]).toEqual([
      200,
      [],
      'required',
      'localhost',
    ]);
    expect((await app.client().post('/auth/login/passkey/options')).status).toBe(200);
  });

  it.each([{ email: null }, { email: 1 }, { email: 'no address' }, { email: ['a@example.com'] }, { loginToken: null }])(
    'refuses %j',
    async (body) => {
      expect((await app.client().post('/auth/login/passkey/options', body)).body.code).toBe('validation_failed');
    },
  );

  it('refuses a login token that is none, and one of another browser', async () => {
    const holder = await PasskeyHolder.enrolled(app);
    const loginToken = await holder.begin(app.client());
    for (const token of ['', 'x', loginToken])
      expectRefused(await app.client().post('/auth/login/passkey/options', { loginToken: token }));
  });
});

/** An authenticator with a passkey of another service. */
function keyring(): SoftwareAuthenticator {
  const authenticator = securityKey();
  authenticator.create({ challenge: 'AA', rp: { id: 'localhost' }, user: { id: 'AQID' } });
  return authenticator;
}
