import { ConfigurationError } from '../config/configuration-error.js';
import { FolderInUse } from '../database/folder-lock.js';
import { AuthError, type AuthErrorCode } from '../kernel/auth-error.js';
import { UnreadableExport } from '../moving-in/unreadable-export.js';

/** A command that cannot do what it was asked, and what to do about it. */
export class CommandFailure extends Error {
  constructor(
    problem: string,
    readonly remedy: string,
  ) {
    super(problem);
  }
}

const REMEDIES: Partial<Record<AuthErrorCode, string>> = {
  not_found: 'no user has that e-mail address or id; check it',
  conflict: 'nothing was changed: the address is already taken, or there is no other admin',
  unavailable: 'check that the database and the store can be reached: coatcheck doctor',
};

/** The printed form of an error: the problem and its remedy, never a stack nor a value of the configuration. */
export function tell(error: unknown): string {
  if (error instanceof ConfigurationError) return error.messageOfService;
  const { problem, remedy } = told(error);
  if (error instanceof FolderInUse) return `${problem} ${remedy}`;
  return remedy === null ? problem : `${problem}\n  -> ${remedy}`;
}

/** The two parts of it. Remedy null: none that fits is known. */
export function told(error: unknown): { readonly problem: string; readonly remedy: string | null } {
  if (error instanceof CommandFailure || error instanceof UnreadableExport)
    return { problem: error.message, remedy: error.remedy };
  if (error instanceof AuthError) {
    const fields = (error.errors ?? []).map(({ message }) => `\n  ${message}`).join('');
    return { problem: `${error.reason ?? error.code}${fields}`, remedy: REMEDIES[error.code] ?? null };
  }
  if (error instanceof FolderInUse) return error;
  const { name, message } = error as Error;
  return {
    problem: `${name}: ${message}`,
    remedy: 'check that the database and the store can be reached: coatcheck doctor',
  };
}
