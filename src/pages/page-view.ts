import type { FieldError } from '../kernel/auth-error.js';
import { AuthError, type AuthErrorCode } from '../kernel/auth-error.js';
import type { WordValues } from '../languages/catalogue.js';

/** The result of a page's handler: a template with its values. */
export class PageView {
  constructor(
    readonly name: string,
    readonly values: Readonly<Record<string, unknown>>,
    /** Undefined: 200. */
    readonly status: number | undefined,
    /** Sent with 429. */
    readonly retryAfterSeconds: number | null = null,
    /** In place of those of every page. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/** A word to show once on the next page. */
export interface Message {
  readonly key: string;
  readonly values: WordValues;
  /** Whether it says that something did not work. */
  readonly isProblem?: boolean;
}

/** The result of a handler that sends the browser on (303). */
export class SeeOther {
  constructor(
    /** A page without `PAGES_PATH`; or a path of this origin as browsers see it, if {@link isWhole}. */
    readonly path: string,
    readonly isWhole: boolean,
    readonly message: Message | null,
  ) {}
}

/** How a page differs from most: a form that was refused is shown with what `refused` gave. */
interface ViewSettings {
  readonly status?: number | undefined;
  readonly retryAfterSeconds?: number | null;
  /** In place of those of every page. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Shows a page.
 *
 * @param name of its template
 * @param answer of a form that was refused: what `refused` gave
 * @example
 * return view('account-sessions', { sessions });
 */
export function view(
  name: string,
  values: Readonly<Record<string, unknown>> = {},
  { status, retryAfterSeconds, headers }: ViewSettings = {},
): PageView {
  return new PageView(name, values, status, retryAfterSeconds, headers);
}

/**
 * Sends the browser to another page, by GET. The message is shown there once; a secret has no place in it.
 *
 * @param path of a page, e.g. `/account/sessions`: `PAGES_PATH` is put before it
 * @param messageKey word to show there
 */
export function seeOther(path: string, messageKey?: string, values: WordValues = {}): SeeOther {
  return new SeeOther(path, false, messageKey === undefined ? null : { key: messageKey, values });
}

/** Sends the browser to where it came from. @param address what `ReturnAddress.read` gave, or one relative to that of the form */
export function seeAddress(address: string, messageKey?: string): SeeOther {
  return new SeeOther(address, true, messageKey === undefined ? null : { key: messageKey, values: {} });
}

/** As {@link seeOther}, to say there what did not work. */
export function seeProblem(path: string, messageKey: string, values: WordValues = {}): SeeOther {
  return new SeeOther(path, false, { key: messageKey, values, isProblem: true });
}

/** A field that is to blame. */
export interface RefusedField extends Pick<FieldError, 'field' | 'rule'> {
  /** The number in the rule, e.g. the longest length; 0 without one. */
  readonly limit: number;
}

/** A refusal as a template shows it: `code` has a word `error.<code>`, each rule a word `rule.<rule>`. */
export interface Refused {
  readonly code: AuthErrorCode;
  readonly status: number;
  readonly fields: readonly RefusedField[];
  /** Null unless the error says when to try again. */
  readonly retryAfterSeconds: number | null;
}

/**
 * The refusal to show beside a form.
 *
 * @throws the error itself, unless it is one that a person can do something about
 */
export function refused(error: unknown): Refused {
  if (!(error instanceof AuthError) || error.status >= 500 || TAKES_ELSEWHERE.has(error.code)) throw error;
  return refusalIn(error);
}

/** Of any error, what may be shown. */
export function refusalIn({ code, status, errors = [], retryAfterSeconds }: AuthError): Refused {
  const fields = errors.map(({ field, rule, message }) => {
    return { field, rule, limit: Number(/\d+/.exec(message.slice(field.length))?.[0] ?? 0) };
  });
  return { code, status, fields, retryAfterSeconds: retryAfterSeconds ?? null };
}

/** Of these the page that can help is another one. */
const TAKES_ELSEWHERE: ReadonlySet<AuthErrorCode> = new Set<AuthErrorCode>([
  'unauthenticated',
  'token_expired',
  'session_ended',
  'step_up_required',
  'csrf_rejected',
]);
