import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { ConfigurationError } from '../config/configuration-error.js';
import { Options } from '../config/options.js';
import { AuthError } from '../kernel/auth-error.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { usersOptions } from './users-options.js';

/** Who gives an address: a person who registers, a user who moves to another, an admin, an import. */
export type MailboxUse = 'registration' | 'change' | 'admin' | 'import';

/** Why an address is not accepted, as its owner is told. */
export interface MailboxRefusal {
  /** For programs, e.g. `disposable`. */
  readonly rule: string;
  /** Goes on after the name of the field: `must be …`. */
  readonly message: string;
}

/**
 * Decides which e-mail addresses are accepted. Asked of addresses that are well-formed. Default: all, but by users themselves only those
 * that `registrationDomains` and `refusedMailDomainsFile` leave.
 *
 * @example
 * AuthModule.forRoot({ ..., providers: [{ provide: MailboxPolicy, useClass: StaffOnly }] })
 */
export abstract class MailboxPolicy {
  /**
   * Null when it is taken. Must not depend on whether the address has a user: every caller sees the answer.
   *
   * @param email canonical
   */
  abstract refusalOf(email: string, use: MailboxUse): Promise<MailboxRefusal | null>;

  /** @throws AuthError `validation_failed` */
  async assertTaken(email: string, use: MailboxUse): Promise<void> {
    const refusal = await this.refusalOf(email, use);
    if (!refusal) return;
    const errors = [{ field: 'email', rule: refusal.rule, message: `email ${refusal.message}` }];
    throw new AuthError('validation_failed', { reason: `mailbox_${refusal.rule}`, errors });
  }
}

/** By the options. */
@Injectable()
export class ConfiguredMailboxPolicy extends MailboxPolicy {
  private readonly allowed: ReadonlySet<string>;
  private readonly refused: ReadonlySet<string>;

  /** @throws ConfigurationError for a file that is not there */
  constructor(options: Options) {
    super();
    const { registrationDomains, refusedMailDomainsFile: file } = options.of(usersOptions);
    this.allowed = new Set(registrationDomains.map((domain) => canonicalDomain(domain)!));
    this.refused = new Set(file === '' ? [] : domainsIn(file));
  }

  async refusalOf(email: string, use: MailboxUse): Promise<MailboxRefusal | null> {
    // Admins and imports know whom they bring.
    if (use === 'admin' || use === 'import') return null;
    const domain = email.slice(email.lastIndexOf('@') + 1);
    if (this.allowed.size > 0 && !this.allowed.has(domain)) {
      return { rule: 'domainAllowed', message: `must be an address at ${[...this.allowed].join(' or ')}` };
    }
    if (!parentsOf(domain).some((each) => this.refused.has(each))) return null;
    return { rule: 'disposable', message: 'must not be a disposable address' };
  }
}

/** A domain in the form that addresses have it in; null for what is none. */
export function canonicalDomain(domain: string): string | null {
  return canonicalEmail(`x@${domain}`)?.slice(2) ?? null;
}

/** `a.b.example` with all it is below: `b.example`, `example`. */
function parentsOf(domain: string): string[] {
  const labels = domain.split('.');
  return labels.map((_, i) => labels.slice(i).join('.'));
}

function domainsIn(file: string): string[] {
  const option = 'refusedMailDomainsFile';
  const remedy = 'name a readable file with one domain a line, e.g. mailinator.com';
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .map((line) => line.trim());
  } catch (error) {
    const problem = `cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`;
    throw new ConfigurationError([{ option, problem, remedy }]);
  }
  const given = lines
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'));
  const wrong = given.find(({ line }) => canonicalDomain(line) === null);
  if (wrong) throw new ConfigurationError([{ option, problem: `has no domain in line ${wrong.number}`, remedy }]);
  return given.map(({ line }) => canonicalDomain(line)!);
}
