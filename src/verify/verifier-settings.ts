import type { FollowerMode } from '../followers/wire.js';
import { parseApiKey } from '../strategies/api-key/api-key.js';
import { MachineVerifyClock, type VerifyClock } from './verify-clock.js';

/** How a service verifies the tickets of its requests. */
export interface VerifierSettings {
  /** Of the Coatcheck service, with the prefix that its routes are mounted under, e.g. `https://accounts.example`. Https, unless it is this machine. */
  readonly url: string;
  /** An API key with the scope `verify`, best of a service user. It is sent to the origin of `url` only. */
  readonly credential: string;
  /** Claim `iss` of the access tokens. Default: as the service says. */
  readonly issuer?: string | readonly string[];
  /**
   * Whom access tokens must be for, one of them: the service's own audience for tokens of users, the URI of this service as a resource for
   * tokens of OAuth clients. Default: as the service says.
   */
  readonly audience?: string | readonly string[];
  /**
   * `acknowledged`: a logout is answered when this process has heard of it too. `bounded`: no logout waits for this process, which follows within
   * seconds. Default `acknowledged`.
   */
  readonly mode?: FollowerMode;
  /** Names this process for the operators of the service. */
  readonly name?: string;
  /** How many tickets are remembered, some 2 kB each. Default 20,000. */
  readonly viewSize?: number;
  /** Forgives clocks that differ, in seconds. Default 5, at most 60. */
  readonly leewaySeconds?: number;
  /** Whether the cookie `__Host-access` (transport `cookie`) is a ticket too. Default false: other services have no need of it. */
  readonly cookies?: boolean;
  /** Origins of pages that may send unsafe requests with that cookie, beside this service's own. */
  readonly trustedOrigins?: readonly string[];
  /** As the service's option of that name. Default `auth`. */
  readonly authPath?: string;
  /** Allows `http:` to other machines: only on a network that no stranger can read. */
  readonly allowHttp?: boolean;
  /** Default: Node's own. */
  readonly fetch?: typeof fetch;
  /** Default: this machine's. For tests. */
  readonly clock?: VerifyClock;
  /** Called when the stream of revocations is lost, and when it is back. Default: `console.warn`. */
  readonly log?: (line: string) => void;
}

/** The same, checked and with its defaults. */
export interface CheckedSettings {
  readonly url: URL;
  readonly credential: string;
  readonly issuers: readonly string[] | null;
  readonly audiences: readonly string[] | null;
  readonly mode: FollowerMode;
  readonly name: string | undefined;
  readonly viewSize: number;
  readonly leewaySeconds: number;
  readonly cookieName: string | null;
  readonly trustedOrigins: ReadonlySet<string>;
  readonly authPath: string;
  readonly fetch: typeof fetch;
  readonly clock: VerifyClock;
  readonly log: (line: string) => void;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** @throws TypeError that names every mistake with its remedy, and no secret */
export function checked(settings: VerifierSettings): CheckedSettings {
  const {
    viewSize = 20_000,
    leewaySeconds = 5,
    mode = 'acknowledged',
    authPath = 'auth',
    allowHttp = false,
  } = settings;
  const url = URL.canParse(settings.url) ? new URL(settings.url) : null;
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && (allowHttp || LOOPBACK.test(url.hostname)));
  const wrong: [boolean, string][] = [
    [
      !isSafe,
      'url: must be the https URL of the service (allowHttp: true permits http on a network that no stranger can read)',
    ],
    [!!url && (url.username !== '' || url.search !== ''), 'url: must hold neither a user name nor a query'],
    [!isApiKey(settings.credential), 'credential: must be an API key (cck_…) with the scope verify'],
    [!areTexts(settings.issuer), 'issuer: must be a text, or several'],
    [!areTexts(settings.audience), 'audience: must be a text, or several'],
    [mode !== 'acknowledged' && mode !== 'bounded', 'mode: must be acknowledged or bounded'],
    [!isWhole(viewSize, 10_000_000), 'viewSize: must be a whole number from 0 to 10,000,000'],
    [!isWhole(leewaySeconds, 60), 'leewaySeconds: must be a whole number from 0 to 60'],
    [!/^[A-Za-z0-9/_-]+$/.test(authPath), 'authPath: must be the path of the routes of the service, e.g. auth'],
  ];
  const faults = wrong.filter(([isWrong]) => isWrong).map(([, what]) => what);
  if (faults.length > 0) throw new TypeError(`The verifier cannot be created:\n- ${faults.join('\n- ')}`);
  return {
    url: url!,
    credential: settings.credential,
    issuers: textsOf(settings.issuer),
    audiences: textsOf(settings.audience),
    mode,
    name: settings.name,
    viewSize,
    leewaySeconds,
    cookieName: settings.cookies ? cookieNameAt(url!) : null,
    trustedOrigins: new Set(settings.trustedOrigins ?? []),
    authPath: authPath.replace(/^\/+|\/+$/g, ''),
    fetch: settings.fetch ?? globalThis.fetch,
    clock: settings.clock ?? new MachineVerifyClock(),
    log: settings.log ?? ((line) => console.warn(line)),
  };
}

/** On plain http browsers take no cookie with the prefix. */
function cookieNameAt({ protocol }: URL): string {
  return protocol === 'https:' ? '__Host-access' : 'access';
}

function isApiKey(value: unknown): boolean {
  return typeof value === 'string' && parseApiKey(value) !== null;
}

function areTexts(value: unknown): boolean {
  return value === undefined || [value].flat().every((one) => typeof one === 'string' && one !== '');
}

function textsOf(value: string | readonly string[] | undefined): readonly string[] | null {
  return value === undefined ? null : [value].flat();
}

function isWhole(value: unknown, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
}
