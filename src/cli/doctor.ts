import { createTransport } from 'nodemailer';
import { type DataSource, MigrationExecutor } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { accessOptions } from '../access/access-options.js';
import { ConfigurationError } from '../config/configuration-error.js';
import { coreOptions } from '../config/core-options.js';
import { environmentName } from '../config/option-section.js';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { clockFinding } from '../database/clock-difference.js';
import { databaseProblems } from '../database/database-assumptions.js';
import { NoDatabase } from '../database/embedded-postgres.js';
import { FolderInUse } from '../database/folder-lock.js';
import {
  connectDataSource,
  isOwnDataSource,
  type OpeningSettings,
  poolingFinding,
  settingsFrom,
} from '../database/open-data-source.js';
import { asStartError } from '../database/start-errors.js';
import { mailOptions } from '../mail/mail-options.js';
import { Mailer } from '../mail/mailer.js';
import { NodemailerMailer } from '../mail/nodemailer-mailer.js';
import { withPagesOfService } from '../pages/pages-options.js';
import { serviceOptions } from '../service/service-options.js';
import { serviceSections } from '../service/service-sections.js';
import { Storage } from '../sessions/storage.js';
import { Admins } from '../users/admins.js';
import { isHosted, type PartOf, withApplication } from './application.js';
import { CommandFailure, told } from './command-failure.js';
import { previousKeysFinding } from './previous-keys.js';
import { isKeyOfFolderAlone, unopenedFinding } from './service-key.js';

/** Clocks further apart than this end sessions too early, or accept tokens too late. */
const SKEW_SECONDS = 2;

/** Finding of a check: null when all is well. */
interface Finding {
  readonly problem: string;
  readonly remedy: string;
  /** It works, but an admin should know. */
  readonly isWarning?: true;
}

/** Answers with what it found: one thing, several, or (null, or none) nothing. */
type Check = readonly [name: string, run: () => Promise<Finding | readonly Finding[] | null>];

/** Looks at everything the application needs, prints what is wrong and what to do about it. @throws CommandFailure when anything is */
export async function doctor(): Promise<void> {
  const isWell = await (isHosted() ? examineHost() : examineService());
  if (!isWell) throw new CommandFailure('A check failed.', 'correct what is marked FAIL, then run the command again');
}

async function examineService(): Promise<boolean> {
  // Told by itself, all problems at once: nothing else can be looked at before.
  const options = Options.resolve(serviceSections, withPagesOfService(Options.readEnvironment(serviceSections)));
  print('configuration', null);
  if (!(await examine([['database', () => databaseCheck(options)]]))) return false;
  const application: Check = ['store, keys and admin', () => withApplication(storeAndAdmin)];
  const previous: Check = ['previous secret keys', () => withApplication(previousKeysFinding)];
  return examine([
    application,
    ...surroundingChecks(options),
    ...(options.of(coreOptions).previousSecretKeys.length > 0 ? [previous] : []),
  ]);
}

/** A host is configured by its own code, so its configuration is known only once it runs. */
function examineHost(): Promise<boolean> {
  return withApplication(async (part) => {
    const options = part(Options);
    print('configuration', null);
    const settings = settingsFrom(options, { entities: [], migrations });
    const dataSource = part<DataSource>(AUTH_DATA_SOURCE);
    const parts: Check[] = [
      ['database', () => databaseFindings(dataSource, settings, isOwnDataSource(dataSource))],
      ['store, keys and admin', () => storeAndAdmin(part)],
      ['secret key', () => secretKeyFinding(options)],
      ['previous secret keys', () => previousKeysFinding(part)],
    ];
    const mail: Check = ['mail', () => mailFinding(options)];
    return examine(part(Mailer) instanceof NodemailerMailer ? [...parts, mail] : parts);
  });
}

async function examine(checks: readonly Check[]): Promise<boolean> {
  let isWell = true;
  for (const [name, run] of checks) {
    const found = await run().catch(findingsOf);
    const findings: readonly Finding[] = found === null ? [] : [found].flat();
    if (findings.length === 0) print(name, null);
    for (const finding of findings) print(name, finding);
    if (findings.some(({ isWarning }) => !isWarning)) isWell = false;
  }
  return isWell;
}

function findingsOf(error: unknown): readonly Finding[] {
  if (error instanceof ConfigurationError)
    return error.problems.map(({ option, problem, remedy }) => ({
      problem: `${environmentName(option)} ${problem}`,
      remedy,
    }));
  const { problem, remedy } = told(error);
  // Others are sent to the doctor.
  const isOwn = [CommandFailure, FolderInUse, NoDatabase].some((known) => error instanceof known);
  return [{ problem, remedy: (isOwn && remedy) || 'check that it is running and can be reached' }];
}

function print(name: string, finding: Finding | null): void {
  const mark = !finding ? 'ok  ' : finding.isWarning ? 'WARN' : 'FAIL';
  process.stdout.write(`${mark}  ${name}${finding ? `: ${finding.problem}\n      -> ${finding.remedy}` : ''}\n`);
}

async function databaseCheck(options: Options): Promise<Finding[]> {
  const settings = settingsFrom(options, { entities: [], migrations });
  const dataSource = await connectDataSource(settings).catch((error) => {
    throw asStartError(error, settings.databaseUrl);
  });
  try {
    return await databaseFindings(dataSource, settings, true);
  } finally {
    await dataSource.destroy();
  }
}

async function databaseFindings(dataSource: DataSource, settings: OpeningSettings, isOwn: boolean): Promise<Finding[]> {
  const findings: Finding[] = await databaseProblems(dataSource, isOwn);
  const pooling = await poolingFinding(dataSource, settings);
  if (pooling) findings.push({ ...pooling, isWarning: true });
  const pending = await new MigrationExecutor(dataSource).getPendingMigrations();
  if (pending.length > 0 && !settings.migrateOnStart) {
    findings.push({ problem: `${pending.length} migration(s) are pending`, remedy: 'run: coatcheck migrate' });
  }
  const clocks = await clockFinding(dataSource, SKEW_SECONDS);
  if (clocks) findings.push(clocks);
  return findings;
}

async function storeAndAdmin(part: PartOf): Promise<Finding[]> {
  await part(Storage).ping();
  const unopened = await unopenedFinding(part);
  const findings: Finding[] = unopened ? [{ ...unopened, problem: `SECRET_KEY ${unopened.problem}` }] : [];
  if (await part(Admins).exist()) return findings;
  const remedy = 'run: coatcheck create-admin <email>';
  return [...findings, { problem: 'there is no admin', remedy, isWarning: true }];
}

function surroundingChecks(options: Options): Check[] {
  return [
    ['mail', () => mailFinding(options)],
    [
      'proxies',
      async () => {
        const { trustedProxies } = options.of(accessOptions);
        if (options.of(serviceOptions).tlsCert !== undefined) return null;
        if (!options.of(coreOptions).publicUrl.startsWith('https:') || trustedProxies.length > 0) return null;
        const problem = 'PUBLIC_URL is an https URL, but the service itself speaks http and no proxy is trusted';
        return {
          problem,
          remedy: 'add the proxy to TRUSTED_PROXIES; otherwise all clients share its IP address',
          isWarning: true,
        };
      },
    ],
    ['secret key', () => secretKeyFinding(options)],
  ];
}

async function secretKeyFinding(options: Options): Promise<Finding | null> {
  if (options.of(coreOptions).secretKey !== undefined) return null;
  const problem = isKeyOfFolderAlone(options)
    ? 'SECRET_KEY is not set, although DATABASE_URL is: the key in DATA_DIR is used, which a service elsewhere does not have'
    : 'the key in DATA_DIR is used';
  const remedy =
    'load the environment of the service, or set SECRET_KEY before running several nodes or going into production';
  return { problem, remedy, isWarning: true };
}

async function mailFinding(options: Options): Promise<Finding | null> {
  const { mailUrl } = options.of(mailOptions);
  if (!mailUrl) {
    return {
      problem: 'MAIL_URL is not set: e-mails are not sent',
      remedy: 'set MAIL_URL to smtp://…',
      isWarning: true,
    };
  }
  const transport = createTransport(mailUrl);
  try {
    await transport.verify();
    return null;
  } finally {
    transport.close();
  }
}
