import { createTransport } from 'nodemailer';
import { type DataSource, MigrationExecutor } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { accessOptions } from '../access/access-options.js';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { databaseProblems } from '../database/database-assumptions.js';
import { databaseOptions } from '../database/database-options.js';
import { connectDataSource, settingsFrom } from '../database/open-data-source.js';
import { poolingOf, TRANSACTION_POOLING } from '../database/pooling.js';
import { mailOptions } from '../mail/mail-options.js';
import { serviceSections } from '../service/create-service.js';
import { serviceOptions } from '../service/service-options.js';
import { Storage } from '../sessions/storage.js';
import { Admins } from '../users/admins.js';
import { withApplication } from './application.js';
import { CommandFailure, tell } from './command-failure.js';

/** Clocks further apart than this end sessions too early, or accept tokens too late. */
const SKEW_SECONDS = 2;

/** What a check found: null when all is well. */
interface Finding {
  readonly problem: string;
  readonly remedy: string;
  /** It works, but an admin should know. */
  readonly isWarning?: true;
}

/** Answers with what it found: one thing, several, or (null, or none) nothing. */
type Check = readonly [name: string, run: () => Promise<Finding | readonly Finding[] | null>];

/** Looks at everything the service needs, prints what is wrong and what to do about it. @throws CommandFailure when anything is */
export async function doctor(): Promise<void> {
  // Told by itself, all problems at once: nothing else can be looked at before.
  const options = Options.resolve(serviceSections, Options.readEnvironment(serviceSections));
  print('configuration', null);
  const database = await examine(databaseChecks(options));
  const rest = database ? await examine([...applicationChecks(), ...surroundingChecks(options)]) : false;
  if (!database || !rest) throw new CommandFailure('Something is wrong.', 'mend what is marked FAIL and ask again');
}

async function examine(checks: readonly Check[]): Promise<boolean> {
  let isWell = true;
  for (const [name, run] of checks) {
    const found = await run().catch((error) => ({
      problem: tell(error),
      remedy: 'see that it runs and can be reached',
    }));
    const findings: readonly Finding[] = found === null ? [] : [found].flat();
    if (findings.length === 0) print(name, null);
    for (const finding of findings) print(name, finding);
    if (findings.some(({ isWarning }) => !isWarning)) isWell = false;
  }
  return isWell;
}

function print(name: string, finding: Finding | null): void {
  const mark = !finding ? 'ok  ' : finding.isWarning ? 'WARN' : 'FAIL';
  process.stdout.write(`${mark}  ${name}${finding ? `: ${finding.problem}\n      -> ${finding.remedy}` : ''}\n`);
}

function databaseChecks(options: Options): Check[] {
  return [
    [
      'database',
      async () => {
        const dataSource = await connectDataSource(settingsFrom(options, { entities: [], migrations }));
        try {
          const { migrateOnStart } = options.of(databaseOptions);
          return await databaseFindings(dataSource, migrateOnStart);
        } finally {
          await dataSource.destroy();
        }
      },
    ],
  ];
}

async function databaseFindings(dataSource: DataSource, migrateOnStart: boolean): Promise<Finding[]> {
  const findings: Finding[] = await databaseProblems(dataSource, true);
  const pooling = await poolingOf(dataSource);
  if (pooling === 'transaction') findings.push({ ...TRANSACTION_POOLING, isWarning: true });
  const pending = await new MigrationExecutor(dataSource).getPendingMigrations();
  if (pending.length > 0 && !migrateOnStart) {
    findings.push({ problem: `${pending.length} migration(s) have not been run`, remedy: 'coatcheck migrate' });
  }
  const [{ now }] = await dataSource.query('SELECT clock_timestamp() AS now');
  const skew = Math.round(Math.abs(Date.now() - new Date(now).getTime()) / 1000);
  if (skew > SKEW_SECONDS) {
    findings.push({ problem: `its clock is ${skew} s from this machine’s`, remedy: 'keep both by NTP' });
  }
  return findings;
}

function applicationChecks(): Check[] {
  return [
    [
      'store, keys and admin',
      () =>
        withApplication(async (part) => {
          await part(Storage).ping();
          if (await part(Admins).exist()) return null;
          const remedy = 'coatcheck create-admin <email>';
          return { problem: 'there is no admin', remedy, isWarning: true as const };
        }),
    ],
  ];
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
        const problem = 'PUBLIC_URL is https, which this service does not speak, and no proxy is trusted';
        return {
          problem,
          remedy: 'name the proxy in TRUSTED_PROXIES, or every client has its address',
          isWarning: true,
        };
      },
    ],
    [
      'secret key',
      async () => {
        if (options.of(coreOptions).secretKey !== undefined) return null;
        const problem = 'the one in DATA_DIR is used';
        return { problem, remedy: 'set SECRET_KEY before several nodes, or production', isWarning: true };
      },
    ],
  ];
}

async function mailFinding(options: Options): Promise<Finding | null> {
  const { mailUrl } = options.of(mailOptions);
  if (!mailUrl) {
    return { problem: 'MAIL_URL is not set: mails stay here', remedy: 'set it to smtp://…', isWarning: true };
  }
  const transport = createTransport(mailUrl);
  try {
    await transport.verify();
    return null;
  } finally {
    transport.close();
  }
}
