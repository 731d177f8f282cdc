import type { LeaseLine, LookUpBody, LookUpVerdict, RevokedLine, StreamLine } from '../../src/followers/wire.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';

/** What a node answered. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T & { readonly code?: string };
  readonly headers: Headers;
}

/** An API key that may verify, of a service user made for it. */
export async function verifyKey(app: AuthTestApp, scopes: readonly string[] = ['verify']): Promise<VerifyKey> {
  const admin = await app.logIn({ changes: { roles: ['admin'] } });
  const { id: ownerId } = (await admin.post('/admin/users', { kind: 'service', name: 'orders' })).body;
  const made = await admin.post(`/admin/users/${ownerId}/api-keys`, { name: 'verifier', scopes });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return { admin, ownerId, id: made.body.id, key: made.body.apiKey };
}

export interface VerifyKey {
  readonly admin: TestUser;
  readonly ownerId: string;
  readonly id: string;
  readonly key: string;
}

/** Speaks the protocol without any rules of its own: for tests of the service. */
export class RawFollower {
  readonly lines: StreamLine[] = [];
  status = 0;
  problem: Record<string, unknown> | undefined;
  headers = new Headers();
  isClosed = false;
  private readonly abort = new AbortController();
  private waiting: (() => void)[] = [];

  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  /** Opens a stream; resolves with its first line, or with the refusal. */
  static async open(url: string, key: string, body: object = {}): Promise<RawFollower> {
    const follower = new RawFollower(url, key);
    await follower.start(body);
    return follower;
  }

  get lease(): LeaseLine {
    const [first] = this.lines;
    if (first?.type !== 'lease') throw new Error(`no lease, but ${JSON.stringify(first ?? this.problem)}`);
    return first;
  }

  get revoked(): RevokedLine[] {
    return this.lines.filter((line) => line.type === 'revoked');
  }

  get applied(): number {
    return this.revoked.at(-1)?.seq ?? this.lease.head;
  }

  /** Resolves when a line has come that fits, whenever; rejects when the stream ends without. */
  async until<T extends StreamLine>(fits: (line: StreamLine) => boolean): Promise<T> {
    for (;;) {
      const found = this.lines.find(fits);
      if (found) return found as T;
      if (this.isClosed) throw new Error(`the stream ended after ${JSON.stringify(this.lines)}`);
      await this.more();
    }
  }

  ended(): Promise<StreamLine> {
    return this.until(({ type }) => type === 'end');
  }

  /** Resolves when nothing more can come. */
  async closed(): Promise<void> {
    while (!this.isClosed) await this.more();
  }

  put(applied: number, renews: boolean, id = this.lease.id, key = this.key): Promise<Answer<{ head: number }>> {
    return this.send('PUT', `/auth/followers/${id}`, { applied, renews }, key);
  }

  end(id = this.lease.id): Promise<Answer> {
    return this.send('DELETE', `/auth/followers/${id}`);
  }

  lookUp(body: LookUpBody): Promise<Answer<LookUpVerdict>> {
    return this.send('POST', '/auth/followers/look-ups', body);
  }

  /** Resolves when so many more beats have come. */
  async beats(count: number): Promise<void> {
    const wanted = this.lines.filter(({ type }) => type === 'beat').length + count;
    await this.until(() => this.lines.filter(({ type }) => type === 'beat').length >= wanted);
  }

  /** Acknowledges whatever it is told, at once, and keeps its lease, until the stream ends. */
  attend(): void {
    void (async () => {
      let [told, beats] = [this.lease.head, 0];
      while (!this.isClosed) {
        const seen = this.lines.filter(({ type }) => type === 'beat').length;
        if (this.applied > told || seen > beats) {
          const renews = seen > beats;
          [told, beats] = [this.applied, seen];
          await this.put(told, renews).catch(() => undefined);
        } else await this.more();
      }
    })();
  }

  hangUp(): void {
    this.abort.abort();
  }

  async send<T>(method: string, path: string, body?: object, key = this.key): Promise<Answer<T>> {
    const reply = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? {} : JSON.parse(text), headers: reply.headers } as Answer<T>;
  }

  /** Resolves when something has come, or nothing can come any more. */
  private more(): Promise<void> {
    return new Promise((resolve) => void this.waiting.push(resolve));
  }

  private wake(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }

  private async start(body: object): Promise<void> {
    const reply = await fetch(`${this.url}/auth/followers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: this.abort.signal,
    });
    this.status = reply.status;
    this.headers = reply.headers;
    if (reply.status !== 200) {
      this.problem = (await reply.json()) as Record<string, unknown>;
      this.isClosed = true;
      return;
    }
    void this.read(reply.body!);
    await this.until(() => true);
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
        const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = parts.pop()!;
        for (const part of parts) this.lines.push(JSON.parse(part) as StreamLine);
        this.wake();
      }
    } catch {
      // Cut: what matters is that nothing more comes.
    }
    this.isClosed = true;
    this.wake();
  }
}
