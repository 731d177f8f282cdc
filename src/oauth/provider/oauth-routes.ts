/** How often an endpoint may be asked, and by whom that is counted. */
export type OAuthLimit = 'client' | 'page' | 'userinfo' | 'registration' | 'none';

/** A request that the provider answers. */
export interface MountedRequest {
  /** Folded. */
  readonly path: string;
  readonly requestId: string;
}

/** An endpoint of the provider, as the mount treats it. */
export interface OAuthRoute {
  /** Below the origin; `:id` stands for one segment. */
  readonly path: string;
  readonly methods: readonly string[];
  readonly limit: OAuthLimit;
  /** The kind of body that a POST or PUT carries; `moved`: it is answered by a redirect to the same as GET. */
  readonly body?: 'form' | 'json' | 'moved';
  /** Whether it is about the user who is logged in, in this browser. */
  readonly hasSession?: true;
  /** Whether clients prove themselves there: a 401 asks them to (RFC 9110 §15.5.2). */
  readonly authenticates?: 'Basic' | 'Bearer';
  /** Whether scripts of other origins may ask; the library says which. */
  readonly hasCors?: true;
  /** Whether an authorization request is sent there. */
  readonly isAuthorization?: true;
  /** Its form names a token, which may be a JWT. */
  readonly isAboutToken?: 'introspection' | 'revocation';
  /** Most requests there need nothing of the library. */
  readonly isOftenPlain?: 'introspection' | 'token';
  /** Only where clients may register themselves. */
  readonly isOfRegistration?: true;
}

const GET = ['GET', 'HEAD'];
const FORM = { body: 'form', authenticates: 'Basic', hasCors: true } as const;

/** Routes of the library, by the paths that its configuration gives them. */
export const OAUTH_ROUTES: readonly OAuthRoute[] = [
  { path: '/.well-known/openid-configuration', methods: GET, limit: 'none', hasCors: true },
  { path: '/.well-known/oauth-authorization-server', methods: GET, limit: 'none', hasCors: true },
  {
    path: '/oauth/authorize',
    methods: [...GET, 'POST'],
    limit: 'page',
    body: 'moved',
    hasSession: true,
    isAuthorization: true,
  },
  { path: '/oauth/authorize/:id', methods: GET, limit: 'page', hasSession: true },
  { path: '/oauth/token', methods: ['POST'], limit: 'client', ...FORM, isOftenPlain: 'token' },
  {
    path: '/oauth/introspect',
    methods: ['POST'],
    limit: 'client',
    ...FORM,
    isAboutToken: 'introspection',
    isOftenPlain: 'introspection',
  },
  { path: '/oauth/revoke', methods: ['POST'], limit: 'client', ...FORM, isAboutToken: 'revocation' },
  { path: '/oauth/par', methods: ['POST'], limit: 'page', ...FORM, isAuthorization: true },
  { path: '/oauth/device/authorize', methods: ['POST'], limit: 'page', ...FORM },
  {
    path: '/oauth/userinfo',
    methods: [...GET, 'POST'],
    limit: 'userinfo',
    body: 'form',
    authenticates: 'Bearer',
    hasCors: true,
  },
  { path: '/oauth/device', methods: [...GET, 'POST'], limit: 'page', body: 'form', hasSession: true },
  { path: '/oauth/device/:id', methods: GET, limit: 'page', hasSession: true },
  { path: '/oauth/logout', methods: [...GET, 'POST'], limit: 'page', body: 'moved', hasSession: true },
  { path: '/oauth/logout/confirm', methods: ['POST'], limit: 'page', body: 'form', hasSession: true },
  { path: '/oauth/logout/success', methods: GET, limit: 'page' },
  {
    path: '/oauth/register',
    methods: ['POST'],
    limit: 'registration',
    body: 'json',
    authenticates: 'Bearer',
    hasCors: true,
    isOfRegistration: true,
  },
  {
    path: '/oauth/register/:id',
    methods: [...GET, 'PUT', 'DELETE'],
    limit: 'page',
    body: 'json',
    authenticates: 'Bearer',
    hasCors: true,
    isOfRegistration: true,
  },
];

const FIXED = new Map(OAUTH_ROUTES.map((route) => [route.path, route]));

/** Below which the provider answers everything, but for the interactions, which are the application's own. */
const CLAIMED = /^\/oauth(\/(?!interaction(\/|$))|$)/;

/**
 * The path of a request as the library compares it: case and one slash at the end make no difference, or a limit could be passed by a
 * capital letter. Null for what is no path of this origin.
 */
export function foldedPath(url: string): string | null {
  if (!url.startsWith('/')) return null;
  const [path = '/'] = url.split(/[?#]/, 1);
  const folded = path.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return folded.length > 1 && folded.endsWith('/') ? folded.slice(0, -1) : folded;
}

/** Whether the provider answers this path, be there a route or not. */
export function isClaimed(path: string): boolean {
  return CLAIMED.test(path) || FIXED.get(path)?.path.startsWith('/.well-known/') === true;
}

/** The route of a folded path; undefined: there is none. */
export function routeOf(path: string): OAuthRoute | undefined {
  const fixed = FIXED.get(path);
  if (fixed) return fixed;
  const slash = path.lastIndexOf('/');
  return slash + 1 < path.length ? FIXED.get(`${path.slice(0, slash)}/:id`) : undefined;
}
