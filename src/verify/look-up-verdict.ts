import type { Subject } from '../revocation/revocation-feed.js';
import { confirmationIn, type TokenConfirmation } from './token-claims.js';
import type {
  VerifiedAuth,
  VerifiedClient,
  VerifiedCredential,
  VerifiedSession,
  VerifiedUser,
} from './verified-auth.js';
import type { VerifyErrorCode } from './verify-error.js';

/** The verdict of the service on a ticket, parsed. */
export type LookUpVerdict = AcceptedTicket | RefusedTicket;

export interface AcceptedTicket {
  readonly accepted: true;
  readonly auth: VerifiedAuth;
  /** The subjects that it depends on: a revocation of any of them makes this verdict void. */
  readonly subjects: readonly Subject[];
  /** Whether it may be kept at all. */
  readonly keep: boolean;
  /** Since before the look-up was sent; then it is looked up again. */
  readonly goodForSeconds: number;
  /** Of the user: a token of a session that names another one is out of date. */
  readonly revision: number;
  /** Of the ticket that was looked up, which may be one of several of a session; null: any holder may use it. */
  readonly confirmation: TokenConfirmation | null;
}

export interface RefusedTicket {
  readonly accepted: false;
  readonly code: Exclude<VerifyErrorCode, 'csrf_rejected' | 'unavailable'>;
}

const CODES = new Set<unknown>(['unauthenticated', 'token_expired', 'session_ended', 'forbidden']);
const SUBJECT = /^(?:session|user|key|grant|client|all):./;

/** @throws TypeError for anything that is no verdict: nothing unreadable lets a caller in */
export function verdictIn(answer: unknown): LookUpVerdict {
  const fields = objectIn(answer, 'verdict');
  if (fields.accepted === false) {
    if (!CODES.has(fields.code)) throw new TypeError('the verdict has an unknown code');
    return { accepted: false, code: fields.code as RefusedTicket['code'] };
  }
  const { subjects, keep, goodForSeconds, revision } = fields;
  if (fields.accepted !== true || typeof keep !== 'boolean') throw new TypeError('the verdict is unreadable');
  if (typeof goodForSeconds !== 'number' || !(goodForSeconds >= 0)) throw new TypeError('goodForSeconds is unreadable');
  if (!isTexts(subjects) || subjects.length === 0 || !subjects.every((one) => SUBJECT.test(one)))
    throw new TypeError('the subjects are unreadable');
  if (!Number.isSafeInteger(revision)) throw new TypeError('the revision is unreadable');
  const confirmation = confirmationIn(fields.cnf);
  if (confirmation === undefined) throw new TypeError('cnf is unreadable');
  return {
    accepted: true,
    auth: authIn(fields),
    subjects: subjects as readonly Subject[],
    keep,
    goodForSeconds,
    revision: revision as number,
    confirmation,
  };
}

function authIn({ by, strategy, user, session, credential, scopes, client }: Record<string, unknown>): VerifiedAuth {
  if (typeof strategy !== 'string') throw new TypeError('the strategy is unreadable');
  const known = frozen(userIn(user));
  if (by === 'session') {
    return Object.freeze({ by, strategy, user: known, session: identified<VerifiedSession>(session, 'session') });
  }
  if (by !== 'credential' || !isTexts(scopes)) throw new TypeError('the credential is unreadable');
  return Object.freeze({
    by,
    strategy,
    user: known,
    credential: identified<VerifiedCredential>(credential, 'credential'),
    scopes: Object.freeze(scopes),
    ...(client !== undefined && { client: identified<VerifiedClient>(client, 'client') }),
  });
}

function identified<T extends object>(value: unknown, what: string): T {
  const found = objectIn(value, what);
  if (typeof found.id !== 'string') throw new TypeError(`the ${what} is unreadable`);
  return frozen(found as T);
}

function userIn(value: unknown): VerifiedUser {
  const user = objectIn(value, 'user');
  const { id, email, roles } = user;
  if (typeof id !== 'string' || !(email === null || typeof email === 'string') || !isTexts(roles))
    throw new TypeError('the user is unreadable');
  return user as unknown as VerifiedUser;
}

function objectIn(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`the ${what} is unreadable`);
  return value as Record<string, unknown>;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** It stands for many requests: none may change it for the others. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part as object);
  return Object.freeze(value);
}
