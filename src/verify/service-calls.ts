import type { JWK } from 'jose';
import type { FollowerMode, LookUpBody, OpenStreamBody, RenewBody } from '../followers/wire.js';
import { type LookUpVerdict, verdictIn } from './look-up-verdict.js';
import { isCount } from './stream-line.js';
import { type AskedTicket, OtherFeed } from './ticket-view.js';
import { type VerifyClock, within } from './verify-clock.js';
import { unavailable } from './verify-error.js';

/** How a verifier reaches the service. */
export interface ServiceCallsSettings {
  /** With the prefix that its routes are mounted under, if any. */
  readonly url: URL;
  /** First part of the path of its routes. */
  readonly authPath: string;
  /** An API key. */
  readonly credential: string;
  readonly fetch: typeof fetch;
  readonly clock: VerifyClock;
}

/** How long an answer may take. */
const PATIENCE_MILLISECONDS = 5_000;
/** No answer that is read whole is longer. */
const MAX_BYTES = 1_048_576;

/** The service refused the verifier itself: a matter of its credential, not of any user's ticket. */
export class ServiceRefusal extends Error {
  override readonly name = 'ServiceRefusal';

  /** @param retryAfterSeconds null: it does not say */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(`the service answered ${status} (${code})`);
  }

  /** Whether the service rejects this verifier: asking again would not help. */
  get isOfCredential(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/** The calls of a verifier to the service: to one origin only, and never after a redirect. */
export class ServiceCalls {
  private readonly base: string;
  private readonly followers: string;
  private readonly authorization: string;

  constructor(private readonly settings: ServiceCallsSettings) {
    const { url, authPath, credential } = settings;
    this.base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
    this.followers = `${this.base}/${authPath}/followers`;
    this.authorization = `Bearer ${credential}`;
  }

  /** Opens the stream of revocations. @throws ServiceRefusal, or the error that kept the call from reaching the service */
  async openStream(
    mode: FollowerMode,
    name: string | undefined,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const asked: OpenStreamBody = { mode, ...(name !== undefined && { name }) };
    const response = await this.send('POST', this.followers, asked, signal);
    if (response.status === 200 && response.body) return response.body;
    throw await refusalOf(response);
  }

  /** @returns the head; null when no such lease runs */
  async tell(id: string, applied: number, renews: boolean, milliseconds: number, signal: AbortSignal) {
    const deadline = within(this.settings.clock, milliseconds, signal);
    try {
      const url = `${this.followers}/${encodeURIComponent(id)}`;
      const response = await this.send('PUT', url, { applied, renews } satisfies RenewBody, deadline.signal);
      if (response.status === 404) return drained(response, null);
      if (response.status !== 200) throw await refusalOf(response);
      const { head } = (await jsonOf(response)) as { head?: unknown };
      if (!isCount(head)) throw new TypeError('the service answered no head');
      return head;
    } finally {
      deadline.end();
    }
  }

  /** Best effort: a lease that is not ended here expires by itself. */
  async endLease(id: string): Promise<void> {
    const deadline = within(this.settings.clock, PATIENCE_MILLISECONDS);
    try {
      const url = `${this.followers}/${encodeURIComponent(id)}`;
      drained(await this.send('DELETE', url, undefined, deadline.signal), undefined);
    } finally {
      deadline.end();
    }
  }

  /**
   * Returns the verdict of the service on a ticket.
   *
   * @throws VerifyError `unavailable` when the service gives no answer, or none that can be read; OtherFeed when `applied` is not of its feed
   */
  async lookUp({ ticket, audience }: AskedTicket, applied: number | null): Promise<LookUpVerdict> {
    const body: LookUpBody = { ticket, ...(applied !== null && { applied }), ...(audience !== null && { audience }) };
    const verdict = await this.asked('look_up', async (signal) => {
      const response = await this.send('POST', `${this.followers}/look-ups`, body, signal);
      if (response.status === 409) return drained(response, null);
      if (response.status !== 200) throw await refusalOf(response);
      return verdictIn(await jsonOf(response));
    });
    if (verdict === null) throw new OtherFeed();
    return verdict;
  }

  /** @throws VerifyError `unavailable` */
  readKeys(): Promise<readonly JWK[]> {
    return this.asked('keys', async (signal) => {
      const headers = { accept: 'application/json', 'cache-control': 'no-cache' };
      const request = { headers, redirect: 'error', signal } as const;
      // The route is public: the server that answers it need not see the credential.
      const response = await this.settings.fetch(`${this.base}/.well-known/jwks.json`, request);
      if (response.status !== 200) throw await refusalOf(response);
      const { keys } = (await jsonOf(response)) as { keys?: unknown };
      if (!Array.isArray(keys)) throw new TypeError('the service answered no keys');
      return keys as readonly JWK[];
    });
  }

  private async asked<T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = within(this.settings.clock, PATIENCE_MILLISECONDS);
    try {
      return await work(deadline.signal);
    } catch (error) {
      const isRefusal = error instanceof ServiceRefusal;
      const reason = isRefusal ? `${what}_answered_${error.status}` : `${what}_failed`;
      throw unavailable(reason, error, (isRefusal && error.retryAfterSeconds) || undefined);
    } finally {
      deadline.end();
    }
  }

  private send(method: string, url: string, body: unknown, signal: AbortSignal): Promise<Response> {
    const headers = {
      authorization: this.authorization,
      accept: 'application/json, application/x-ndjson, application/problem+json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const text = body === undefined ? null : JSON.stringify(body);
    // Followed, the credential might go elsewhere.
    return this.settings.fetch(url, { method, headers, body: text, redirect: 'error', signal });
  }
}

async function refusalOf(response: Response): Promise<ServiceRefusal> {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const said = (await jsonOf(response).catch(() => null)) as { code?: unknown } | null;
  const code = typeof said?.code === 'string' && /^[a-z_]{1,40}$/.test(said.code) ? said.code : 'unknown';
  return new ServiceRefusal(response.status, code, Number.isFinite(retryAfter) ? retryAfter : null);
}

async function jsonOf(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new TypeError('the service answered too much');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
}

/** So that its connection is free for the next call. */
function drained<T>(response: Response, result: T): T {
  response.arrayBuffer().catch(() => undefined);
  return result;
}
