import { AuthError } from '../kernel/auth-error.js';

/** Metadata of handlers and controllers: the resource of OAuth that they belong to (RFC 9728). */
export const PROTECTED_RESOURCE = 'coatcheck:protectedResource';

/** A resource within the application, for clients that find their authorization server by it. */
export interface ResourceRule {
  /** Of the resource below `PUBLIC_URL`, with a slash before it; `''`: all of this origin. */
  readonly path: string;
  /** The scopes that a client should request at first. Absent: the scopes of the route. */
  readonly scopes?: readonly string[];
  /** For people. Absent: its address. */
  readonly name?: string;
}

/** Whatever refuses the caller says where the resource describes itself. */
export function challengedBy<T>(
  { path, scopes: atFirst }: ResourceRule,
  scopes: readonly string[] | undefined,
  judge: () => T | Promise<T>,
): T | Promise<T> {
  const refuse = (error: unknown): never => {
    if (!(error instanceof AuthError)) throw error;
    throw error.withChallenge({ resource: path, scopes: error.challenge?.scopes ?? atFirst ?? scopes });
  };
  try {
    const verdict = judge();
    return verdict instanceof Promise ? verdict.catch(refuse) : verdict;
  } catch (error) {
    return refuse(error);
  }
}
