import { randomUUID, type webcrypto } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { LookUpBody, LookUpVerdict, RenewBody, StreamLine } from '../../src/followers/wire.js';
import { mintApiKey } from '../../src/strategies/api-key/api-key.js';

export const URL_OF_SERVICE = 'https://accounts.example';
export const AUDIENCE = 'https://accounts.example';
export const LEASE_SECONDS = 3;
export const CREDENTIAL = mintApiKey(randomUUID()).apiKey;

/** One call that was made. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly headers: Headers;
  readonly redirect: RequestInit['redirect'];
}

/** A stream that the test writes to. */
export class FakeStream {
  private controller!: ReadableStreamDefaultController<Uint8Array>;
  isOver = false;
  readonly body: ReadableStream<Uint8Array>;

  constructor(signal: AbortSignal | null | undefined) {
    this.body = new ReadableStream({
      start: (controller) => {
        this.controller = controller;
      },
      cancel: () => {
        this.isOver = true;
      },
    });
    signal?.addEventListener('abort', () => {
      if (!this.isOver) this.controller.error(new Error('aborted'));
      this.isOver = true;
    });
  }

  line(line: StreamLine | Record<string, unknown>): void {
    this.text(`${JSON.stringify(line)}\n`);
  }

  text(text: string): void {
    if (!this.isOver) this.controller.enqueue(new TextEncoder().encode(text));
  }

  /** A clean end, as of a process that exits. */
  close(): void {
    if (!this.isOver) this.controller.close();
    this.isOver = true;
  }
}

/** Speaks the protocol as far as a follower notices, in this process: the test decides what it answers. */
export class FakeService {
  readonly calls: Call[] = [];
  readonly streams: FakeStream[] = [];
  head = 0;
  jwks: JWK[] = [];
  /** Answers to look-ups, by ticket; a function is called at each. */
  readonly verdicts = new Map<string, LookUpVerdict | ((body: LookUpBody) => LookUpVerdict | Promise<LookUpVerdict>)>();
  /** Replaces the answer to every call for which it returns one. */
  override: ((call: Call) => Response | Promise<Response> | undefined) | null = null;
  /** Whether new streams begin with a lease by themselves. */
  greets = true;
  leaseFields: Record<string, unknown> = {};
  private leases = 0;
  private key: webcrypto.CryptoKey | undefined;
  private kid = '';

  get stream(): FakeStream {
    return this.streams.at(-1)!;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const text = typeof init?.body === 'string' ? init.body : undefined;
    const call = {
      method: init?.method ?? 'GET',
      url: String(input),
      body: text === undefined ? undefined : JSON.parse(text),
      headers: new Headers(init?.headers),
      redirect: init?.redirect,
    };
    this.calls.push(call);
    return untilAborted(
      Promise.resolve(this.override?.(call)).then((given) => given ?? this.answer(call, init?.signal)),
      init?.signal,
    );
  };

  callsTo(method: string, path: RegExp): Call[] {
    return this.calls.filter((call) => call.method === method && path.test(call.url));
  }

  get lookUps(): LookUpBody[] {
    return this.callsTo('POST', /\/look-ups$/).map(({ body }) => body as LookUpBody);
  }

  get tellings(): RenewBody[] {
    return this.callsTo('PUT', /./).map(({ body }) => body as RenewBody);
  }

  /** Makes a new key the only one, or one more. */
  async rotate({ keep = false } = {}): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    this.key = privateKey;
    this.kid = randomUUID().replaceAll('-', '');
    const jwk = { ...(await exportJWK(publicKey)), kid: this.kid, alg: 'ES256', use: 'sig' };
    this.jwks = keep ? [...this.jwks, jwk] : [jwk];
  }

  get signer(): { key: webcrypto.CryptoKey; kid: string } {
    return { key: this.key!, kid: this.kid };
  }

  /** An access token; the service finds its session live until told otherwise. */
  async token(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> {
    const iat = 1_800_000_000;
    const all = {
      iss: URL_OF_SERVICE,
      aud: AUDIENCE,
      sub: 'u1',
      sid: 's1',
      iat,
      exp: iat + 900,
      jti: randomUUID(),
      client_id: AUDIENCE,
      auth_time: iat,
      amr: ['pwd'],
      roles: ['user'],
      ver: 1,
      ...claims,
    };
    const defined = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    const token = await new SignJWT(defined)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: this.kid, ...header })
      .sign(this.key!);
    if (!this.verdicts.has(token)) this.verdicts.set(token, live({ session: String(all.sid), user: String(all.sub) }));
    return token;
  }

  /** Announces, as a node does: the head counts at once, the line is sent by the test's leave. */
  revoke(subject: string, kind: 'ended' | 'changed' = 'ended', more: Record<string, unknown> = {}): void {
    this.head += 1;
    this.stream.line({ type: 'revoked', seq: this.head, subject, kind, ...more });
  }

  private async answer(call: Call, signal: AbortSignal | null | undefined): Promise<Response> {
    const { pathname } = new URL(call.url);
    if (pathname === '/.well-known/jwks.json') return Response.json({ keys: this.jwks });
    if (call.method === 'POST' && pathname === '/auth/followers') return this.open(signal);
    if (call.method === 'PUT') return Response.json({ head: this.head });
    if (call.method === 'DELETE') return new Response(null, { status: 204 });
    const body = call.body as LookUpBody;
    const verdict = this.verdicts.get(body.ticket) ?? { accepted: false, code: 'unauthenticated' };
    return Response.json(await (typeof verdict === 'function' ? verdict(body) : verdict));
  }

  private open(signal: AbortSignal | null | undefined): Response {
    const stream = new FakeStream(signal);
    this.streams.push(stream);
    if (this.greets) this.greet();
    return new Response(stream.body, { headers: { 'content-type': 'application/x-ndjson' } });
  }

  greet(): void {
    this.leases += 1;
    this.stream.line({
      type: 'lease',
      version: 1,
      id: `lease-${this.leases}`,
      follows: true,
      mode: 'acknowledged',
      leaseSeconds: LEASE_SECONDS,
      head: this.head,
      unsettled: [],
      issuer: URL_OF_SERVICE,
      audience: AUDIENCE,
      jwksUri: `${URL_OF_SERVICE}/.well-known/jwks.json`,
      ...this.leaseFields,
    });
  }
}

/** What a service says of a token whose session lives. */
export function live({ session = 's1', user = 'u1', ...more }: Record<string, unknown> = {}): LookUpVerdict {
  return {
    accepted: true,
    by: 'session',
    strategy: 'jwt',
    user: person(String(user)),
    session: sessionOf(String(session)),
    subjects: [`session:${session}`, `user:${user}`],
    keep: true,
    goodForSeconds: 600,
    revision: 1,
    ...more,
  } as LookUpVerdict;
}

export function machine(more: Record<string, unknown> = {}): LookUpVerdict {
  return {
    accepted: true,
    by: 'credential',
    strategy: 'api-key',
    user: person('u1'),
    credential: { id: 'k1', name: 'export' },
    scopes: ['orders:read'],
    subjects: ['key:k1', 'user:u1'],
    keep: true,
    goodForSeconds: 600,
    revision: 1,
    ...more,
  } as LookUpVerdict;
}

function person(id: string) {
  const createdAt = '2026-01-01T00:00:00.000Z';
  return { id, email: `${id}@example.com`, emailVerified: true, name: null, roles: ['user'], createdAt };
}

function sessionOf(id: string) {
  const instant = '2026-01-01T00:00:00.000Z';
  return {
    id,
    strategy: 'jwt',
    createdAt: instant,
    lastSeenAt: instant,
    expiresAt: instant,
    expiresIn: 600,
    ip: null,
    userAgent: null,
    device: null,
    amr: ['pwd'],
  };
}

function untilAborted(answer: Promise<Response>, signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new DOMException('aborted', 'AbortError'));
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);
    answer.then(resolve, reject);
  });
}
