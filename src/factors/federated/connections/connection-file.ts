import { Injectable } from '@nestjs/common';
import { ConfigurationError } from '../../../config/configuration-error.js';
import { coreOptions } from '../../../config/core-options.js';
import { problemOf, type ReadFile, readListFile } from '../../../config/list-file.js';
import type { ConfigurationProblem } from '../../../config/option-section.js';
import { Options } from '../../../config/options.js';
import { deepFrozen } from '../../../kernel/json-object.js';
import { federatedOptions } from '../federated-options.js';
import { type Connection, domainIn } from './connection.js';
import { type ConnectionParams, checkedConnection, SLUG } from './connection-rules.js';

/** A connection of the file. */
export interface FileConnection {
  readonly connection: Connection;
  readonly secret: string | null;
  /** Its own by the operator's word. */
  readonly domains: readonly string[];
}

type Entry = Readonly<Record<string, unknown>>;

const FIELDS = new Set([
  'slug',
  'kind',
  'issuer',
  'baseUrl',
  'clientId',
  'clientSecret',
  'settings',
  'domains',
  'disabled',
]);
const OPTION = 'federated';
const BEGINNING = new Date(0);

/** The connections of `FEDERATED`, as they were when the application started. */
@Injectable()
export class ConnectionFile {
  private readonly bySlug: ReadonlyMap<string, FileConnection>;

  /** @throws ConfigurationError for a file that cannot be read or has mistakes, with all of them */
  constructor(options: Options) {
    const { federated } = options.of(federatedOptions);
    const mayBePlain = options.of(coreOptions).nodeEnv !== 'production';
    const { entries, problems } = federated === undefined ? NOTHING : readConnectionFile(federated, mayBePlain);
    if (problems.length > 0) throw new ConfigurationError(problems);
    this.bySlug = new Map(entries.map((one) => [one.connection.slug, one]));
  }

  /** Whether the file has it, so that no route can change it. @param id or slug */
  has(id: string): boolean {
    return this.bySlug.has(id) || this.all().some((one) => one.id === id);
  }

  all(): readonly Connection[] {
    return [...this.bySlug.values()].map(({ connection }) => connection);
  }

  /** Each with its connection. */
  domains(): readonly (readonly [domain: string, connection: Connection])[] {
    return [...this.bySlug.values()].flatMap(({ connection, domains }) =>
      domains.map((domain) => [domain, connection] as const),
    );
  }

  /** Undefined when the connection is none of the file; null: one without a secret. */
  secretOf(id: string): string | null | undefined {
    return [...this.bySlug.values()].find(({ connection }) => connection.id === id)?.secret;
  }
}

const NOTHING: ReadFile<FileConnection> = { entries: [], problems: [] };

/** Reads `FEDERATED`: a list of connections, each as admins give it, with `domains` and `disabled` beside. */
function readConnectionFile(file: string, mayBePlain: boolean): ReadFile<FileConnection> {
  const { entries, problems } = readListFile(file, OPTION);
  const found: ConfigurationProblem[] = [...problems];
  const taken = new Set<string>();
  const connections = entries.flatMap((entry, i) => {
    const name = typeof entry.slug === 'string' && SLUG.test(entry.slug) ? entry.slug : `number ${i + 1}`;
    const errors = formErrors(entry, name, taken);
    const checked =
      errors.length === 0 ? checkedConnection(entry as unknown as ConnectionParams, mayBePlain) : undefined;
    errors.push(...(checked?.errors ?? []).map(({ message }) => message));
    found.push(...errors.map((error) => problemOf(OPTION, `connection ${name}: ${error}`)));
    return checked?.settings && errors.length === 0 ? [connectionOf(entry, checked.settings)] : [];
  });
  return { entries: connections, problems: found };
}

/** @param taken slugs and domains that entries before it have, to which its own are added */
function formErrors(entry: Entry, name: string, taken: Set<string>): string[] {
  const errors = Object.keys(entry)
    .filter((field) => !FIELDS.has(field))
    .map((field) => `${field} is not a known property`);
  for (const field of ['slug', 'kind', 'clientId'])
    if (typeof entry[field] !== 'string') errors.push(`${field} must be a text`);
  for (const field of ['issuer', 'baseUrl', 'clientSecret'])
    if (!['undefined', 'string'].includes(typeof entry[field])) errors.push(`${field} must be a text`);
  const { settings = {}, domains = [], disabled = false } = entry;
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
    errors.push('settings must be an object');
  if (typeof disabled !== 'boolean') errors.push('disabled must be true or false');
  const areDomains = Array.isArray(domains) && domains.every((one) => typeof one === 'string' && domainIn(one) === one);
  if (!areDomains) errors.push('domains must be a list of whole domains in lower case');
  for (const one of [`slug ${name}`, ...(areDomains ? domains.map((domain) => `domain ${domain}`) : [])]) {
    if (taken.has(one)) errors.push(`the ${one} must not be used twice`);
    taken.add(one);
  }
  return errors;
}

function connectionOf(entry: Entry, settings: Connection['settings']): FileConnection {
  const { slug, kind, issuer, baseUrl, clientId, clientSecret, domains, disabled } =
    entry as unknown as ConnectionParams & {
      readonly domains?: readonly string[];
      readonly disabled?: boolean;
    };
  const connection: Connection = Object.freeze({
    ...{ id: `file:${slug}`, slug, kind, issuer: issuer ?? null, baseUrl: baseUrl ?? null, clientId },
    ...{ settings: deepFrozen(structuredClone(settings)) as Connection['settings'], isDisabled: disabled ?? false },
    createdAt: BEGINNING,
  });
  return { connection, secret: clientSecret ?? null, domains: domains ?? [] };
}
