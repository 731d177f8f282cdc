import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Injectable, type OnModuleInit, Post } from '@nestjs/common';
import { IsEmail, IsOptional, IsString } from 'class-validator';
import type { DataSource } from 'typeorm';
import {
  AUTH_DATA_SOURCE,
  AuthError,
  CurrentExchange,
  type EnrolledFactor,
  type Exchange,
  Factor,
  type FactorProof,
  FactorSessions,
  type FirstClaim,
  LoginService,
  Public,
  UserStore,
} from '../../src/index.js';
import type { AuthTestApp, TestClient } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { protectedUser } from './authenticator-app.js';
import { overStores, STRATEGIES, storageOptions } from './combinations.js';

class VoucherProof {
  @IsEmail()
  email!: string;

  @IsOptional()
  @IsString()
  strategy?: string;
}

/** Somebody else's word for a user: it wants to know which sessions rest on it. */
@Injectable()
class VoucherFactor extends Factor<VoucherProof> implements OnModuleInit {
  readonly name = 'voucher';
  readonly amr = ['fed'];
  readonly proofClass = VoucherProof;
  override readonly canBegin = true;
  /** Session by session, what they rest on. */
  readonly known = new Map<string, string>();
  nextContext: string | undefined;
  refusal: Error | undefined;

  constructor(
    private readonly users: UserStore,
    private readonly sessions: FactorSessions,
  ) {
    super();
  }

  onModuleInit(): void {
    this.sessions.onReplaced(async (before, next) => {
      const context = this.known.get(before);
      if (context !== undefined) this.known.set(next, context);
    });
  }

  override async begin({ proof }: FirstClaim<VoucherProof>): Promise<FactorProof> {
    const user = await this.users.findByEmail(proof.email);
    return { user: user!, amr: this.amr, context: this.nextContext };
  }

  override async onSession(context: string, sessionId: string): Promise<void> {
    if (this.refusal) throw this.refusal;
    this.known.set(sessionId, context);
  }

  async enrolledBy(): Promise<EnrolledFactor[]> {
    return [];
  }

  async removeAllOf(): Promise<void> {}
}

@Controller('voucher')
class VoucherController {
  constructor(private readonly logins: LoginService) {}

  @Post()
  @Public()
  @HttpCode(200)
  async logIn(@Body() { email, strategy }: VoucherProof, @CurrentExchange() exchange: Exchange) {
    return this.logins.login('voucher', { email }, { strategy, transport: 'cookie' }, exchange);
  }
}

const vouchers = { name: 'vouchers', factors: { voucher: VoucherFactor }, controllers: [VoucherController] };

overStores((store) => {
  describe.each(STRATEGIES)('a session of %s that rests on a proof', (strategy) => {
    let app: AuthTestApp;
    let factor: VoucherFactor;
    beforeAll(async () => {
      const stored = await storageOptions({ sessionStore: store });
      app = await bootHost({ options: { authStrategies: [...STRATEGIES], ...stored }, features: [vouchers] });
      factor = app.app.get(VoucherFactor, { strict: false });
    });
    beforeEach(() => {
      factor.known.clear();
      factor.nextContext = `ticket-${randomUUID()}`;
      factor.refusal = undefined;
    });
    afterAll(() => app.close());

    const begin = async (client: TestClient, email: string) => client.post('/voucher', { email, strategy });
    async function rested(user?: { email: string; password: string }) {
      const { email, password } = user ?? (await app.register());
      const client = app.client();
      const { status, body } = await begin(client, email);
      expect([status, body.status]).toEqual([200, 'authenticated']);
      return { client, email, password, sessionId: body.session.id as string, context: factor.nextContext! };
    }
    const meOf = async (client: TestClient) => (await client.get('/auth/me')).status;
    const end = (ids: readonly string[]) =>
      app.app.get(FactorSessions, { strict: false }).revoke(ids, 'word_withdrawn');
    const database = () => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const endsOf = (sessionId: string) =>
      database().query(
        `SELECT type, reason FROM coatcheck.audit_events WHERE session_id = $1 AND type = 'session.revoked'`,
        [sessionId],
      );

    it('is known to its factor by the time its tickets are handed out', async () => {
      const { client, sessionId, context } = await rested();
      expect([...factor.known]).toEqual([[sessionId, context]]);
      expect(await meOf(client)).toBe(200);
    });

    it('is known to it after a second factor as well, by nothing that a client can read', async () => {
      const user = await protectedUser(app, { strategy });
      const { nextContext: context } = factor;
      const client = app.client();
      const { body } = await begin(client, user.email);
      expect(body.status).toBe('factor_required');
      expect(Buffer.from(body.loginToken, 'base64url').toString('latin1')).not.toContain(context);
      expect(factor.known.size).toBe(0);
      const proof = { loginToken: body.loginToken, factor: 'totp', code: user.code() };
      const done = await client.post('/auth/login/factor', proof);
      expect(done.status).toBe(200);
      expect([...factor.known]).toEqual([[done.body.session.id, context]]);
    });

    it('ends, and is never handed out, when its factor does not take it', async () => {
      const { email } = await app.register();
      factor.refusal = new AuthError('invalid_credentials', { reason: 'identity_unlinked' });
      const client = app.client();
      const { status, body } = await begin(client, email);
      expect([status, body.code]).toEqual([401, 'invalid_credentials']);
      expect(await meOf(client)).toBe(401);
      const [{ count }] = await database().query(
        `SELECT count(*)::integer FROM coatcheck.audit_events WHERE reason = 'never_delivered'
          AND user_id = (SELECT id FROM coatcheck.users WHERE email = $1)`,
        [email],
      );
      expect(count).toBe(1);
    });

    it('is not begun on a context that no login could carry', async () => {
      const { email } = await app.register();
      factor.nextContext = 'x'.repeat(1_025);
      expect((await begin(app.client(), email)).status).toBe(500);
      expect(factor.known.size).toBe(0);
    });

    it('is followed to the session that takes its place', async () => {
      const { client, email, password, sessionId, context } = await rested();
      expect((await client.post('/auth/step-up', { password })).status).toBe(200);
      const stepped = [...factor.known.keys()].at(-1)!;
      expect((await client.post('/auth/login', { email, password, strategy, transport: 'cookie' })).status).toBe(200);
      const last = [...factor.known.keys()].at(-1)!;
      expect(new Set([sessionId, stepped, last]).size).toBe(3);
      expect(factor.known.get(last)).toBe(context);
      expect(await end([last])).toBe(1);
      expect(await meOf(client)).toBe(401);
    });

    it('is ended by its factor, once, with the reason, and no other of its user', async () => {
      const first = await rested();
      const other = await rested(first);
      expect(await end([first.sessionId])).toBe(1);
      expect([await meOf(first.client), await meOf(other.client)]).toEqual([401, 200]);
      expect((await first.client.post('/auth/refresh')).status).toBe(401);
      expect(await end([first.sessionId, randomUUID()])).toBe(0);
      expect(await endsOf(first.sessionId)).toEqual([{ type: 'session.revoked', reason: 'word_withdrawn' }]);
      const sessions = app.app.get(FactorSessions, { strict: false });
      expect(await sessions.liveOf([first.sessionId, other.sessionId])).toEqual([other.sessionId]);
    });

    it('is ended among more than are ended by one step', async () => {
      const { email, password } = await app.register();
      const some = [await rested({ email, password }), await rested({ email, password })];
      const unknown = Array.from({ length: 600 }, () => randomUUID());
      const [first, last] = some.map(({ sessionId }) => sessionId);
      expect(await end([first!, ...unknown, last!])).toBe(2);
      expect(await Promise.all(some.map(({ client }) => meOf(client)))).toEqual([401, 401]);
    });
  });
});
