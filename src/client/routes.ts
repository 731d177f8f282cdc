import type { components, paths } from './api.js';
import type { AuthProblem, ClientCode } from './problem.js';

/** Routes of the service that pages call, as its OpenAPI document has them. */
export type ServicePaths = paths;
/** A user, as `GET /auth/me` has it. */
export type User = components['schemas']['UserReply'];
/** A session, as `GET /auth/me` has it. */
export type Session = components['schemas']['SessionReply'];
/** What `POST /auth/login` takes; the client adds how tickets travel. */
export type LoginRequest = Pick<components['schemas']['LoginRequest'], 'email' | 'password'>;
/** What `POST /auth/login/factor` takes. */
export type FactorLoginRequest = components['schemas']['FactorLoginRequest'];
/** What `POST /auth/step-up` takes: the password, a factor, or both. */
export type StepUpProof = Omit<components['schemas']['StepUpRequest'], 'transport'>;

/** Methods that the client has a function for. */
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Paths that have this method. */
export type PathsWith<P, M extends Method> = { [K in keyof P]: M extends keyof P[K] ? K : never }[keyof P] & string;

/** A route. */
export type Operation<P, K extends keyof P, M extends Method> = M extends keyof P[K] ? P[K][M] : never;

type Json<B> = { content: { 'application/json': B } };

type BodyOf<O> = O extends { requestBody: Json<infer B> }
  ? { body: B }
  : O extends { requestBody?: Json<infer B> }
    ? { body?: B }
    : { body?: undefined };

type PathOf<O> = O extends { parameters: { path: infer V } } ? { path: V } : { path?: undefined };

type QueryOf<O> = O extends { parameters: { query: infer V } }
  ? { query: V }
  : O extends { parameters: { query?: infer V } }
    ? { query?: V }
    : { query?: undefined };

/** What a call may have besides what its route asks for. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a route is given: nothing that it does not ask for, and all that it requires. */
export type Given<O> = BodyOf<O> & PathOf<O> & QueryOf<O> & CallOptions;

/** The argument after the path, which may be left out where a route requires nothing. */
export type Arguments<O> = object extends Given<O> ? [given?: Given<O>] : [given: Given<O>];

type AnswersOf<O> = O extends { responses: infer R } ? R : never;

/** What a route answers when all is well; `undefined` for a 204. */
export type Reply<O> = {
  [S in keyof AnswersOf<O>]: S extends number
    ? AnswersOf<O>[S] extends Json<infer B>
      ? WithoutTokens<B>
      : undefined
    : never;
}[keyof AnswersOf<O>];

/** Tokens never reach the page: the client keeps them. */
type WithoutTokens<B> = B extends unknown
  ? Omit<B, 'accessToken' | 'tokenType' | 'refreshToken' | 'deviceToken'> extends infer Rest
    ? Rest
    : never
  : never;

/** Codes of problems that a call of a route may come to: those of the route, and what happens on the way. */
export type CodesOf<O> =
  | ClientCode
  | 'unavailable'
  | (AnswersOf<O> extends { default: { content: { 'application/problem+json': { code: infer C extends string } } } }
      ? C
      : string);

/** What a call comes to; it throws for nothing that is to be expected. */
export type Result<O> =
  | { readonly data: Reply<O>; readonly problem?: undefined }
  | { readonly data?: undefined; readonly problem: AuthProblem<CodesOf<O>> };

type LoginReplies = Reply<paths['/auth/login']['post']>;

/** What a step of a login comes to. */
export type LoginOutcome =
  | LoginReplies
  | {
      readonly status: 'problem';
      readonly problem: AuthProblem<CodesOf<paths['/auth/login']['post'] | paths['/auth/login/factor']['post']>>;
    };

/** What a step-up comes to. */
export type StepUpOutcome =
  | Reply<paths['/auth/step-up']['post']>
  | { readonly status: 'problem'; readonly problem: AuthProblem<CodesOf<paths['/auth/step-up']['post']>> };
