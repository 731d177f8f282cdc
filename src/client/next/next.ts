import type { Session, Snapshot, User } from '../client.js';

/** Headers as `Request`, Next's `headers()` and Node's `IncomingMessage` have them. */
export type HeadersLike =
  | { get(name: string): string | null | undefined }
  | { readonly [name: string]: string | readonly string[] | undefined };

/** A request, or its headers. */
export type RequestLike = { readonly headers: HeadersLike } | HeadersLike;

/** Where sessions are asked for. */
export interface ReadSessionSettings {
  /** Where the service is, as seen from this server. */
  readonly baseUrl: string;
  /** In place of the host's `fetch`. */
  readonly fetch?: typeof fetch;
  /** Default 5000; after that the session is `unavailable`. */
  readonly timeoutMs?: number;
}

const CAREFUL = { cache: 'no-store', redirect: 'error' } as const;
const NO_USER = { user: null, session: null };
/** By request, then by where the service is. */
const read = new WeakMap<object, Map<string, Promise<Snapshot>>>();

/**
 * Returns who has sent a request, by its cookies. A service is asked once a request, however many components want to know; never renews a token (no component
 * can set a cookie) and never redirects. What it answers is what `<AuthProvider initial>` takes.
 *
 * @param request the same object for the same request: a `Request`, or what Next's `headers()` gave
 */
export function readSession(request: RequestLike, settings: ReadSessionSettings): Promise<Snapshot> {
  const known = read.get(request) ?? new Map<string, Promise<Snapshot>>();
  read.set(request, known);
  const { baseUrl } = settings;
  const asked = known.get(baseUrl) ?? ask(cookieOf(request), settings);
  known.set(baseUrl, asked);
  return asked;
}

async function ask(cookie: string, { baseUrl, fetch: own, timeoutMs = 5000 }: ReadSessionSettings): Promise<Snapshot> {
  if (cookie === '') return { status: 'signed-out', ...NO_USER, reason: null };
  try {
    const reply = await (own ?? fetch)(`${baseUrl.replace(/\/+$/, '')}/auth/me`, {
      headers: { cookie, accept: 'application/json' },
      ...CAREFUL,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = (await reply.json()) as { user?: User; session?: Session; code?: unknown };
    if (reply.ok) return signedIn(answer);
    return withoutUser(reply.status, answer.code, cookie);
  } catch {
    return { status: 'unavailable', ...NO_USER, reason: 'unreachable' };
  }
}

function signedIn({ user, session }: { user?: User; session?: Session }): Snapshot {
  if (!user || !session) return { status: 'unavailable', ...NO_USER, reason: 'unexpected_reply' };
  return { status: 'signed-in', user, session, reason: null };
}

function withoutUser(status: number, code: unknown, cookie: string): Snapshot {
  // A token that is due: the page renews it, and then it is known.
  const mayRenew =
    code === 'token_expired' || (code === 'unauthenticated' && /(?:^|[\s;])(?:__Host-)?refresh=/.test(cookie));
  if (mayRenew) return { status: 'unknown', ...NO_USER, reason: null };
  if (code === 'session_ended') return { status: 'signed-out', ...NO_USER, reason: 'session_ended' };
  if (code === 'forbidden') return { status: 'signed-out', ...NO_USER, reason: 'enrolment_required' };
  if (code === 'unauthenticated') return { status: 'signed-out', ...NO_USER, reason: null };
  return { status: 'unavailable', ...NO_USER, reason: typeof code === 'string' ? code : `status ${status}` };
}

function cookieOf(request: RequestLike): string {
  const headers = (
    'headers' in request && typeof request.headers === 'object' ? request.headers : request
  ) as HeadersLike;
  if (typeof headers.get === 'function') return headers.get('cookie') ?? '';
  const { cookie } = headers as Readonly<Record<string, string | readonly string[] | undefined>>;
  return typeof cookie === 'string' ? cookie : (cookie?.join('; ') ?? '');
}
