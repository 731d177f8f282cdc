import { createReadStream } from 'node:fs';
import { Options } from '../../config/options.js';
import { type ImportReport, UserImportService } from '../../factors/password/import/user-import.service.js';
import { PasswordHashes } from '../../factors/password/password-hashes.js';
import { Clock } from '../../kernel/clock.js';
import { canonicalEmail } from '../../kernel/email-address.js';
import type { ReadRecord } from '../../moving-in/export-reader.js';
import { readExport } from '../../moving-in/record-reading.js';
import { UnreadableExport } from '../../moving-in/unreadable-export.js';
import { Usernames } from '../../usernames/usernames.js';
import { isBanned, type UserRecord, UserStore } from '../../users/user.store.js';
import { usersOptions } from '../../users/users-options.js';
import { COMMAND_LINE, withApplication } from '../application.js';
import { CommandFailure, told } from '../command-failure.js';
import { assertKeyFits, assertKeyGiven } from '../service-key.js';
import { broughtBy, isStillBanned } from './brought.js';
import { type Candidate, type CandidateRules, candidateOf } from './candidate.js';
import { assertApart, assertReadable, type MoveInOptions, readerOf, rolesFrom, settingsFor } from './move-in-params.js';
import { MoveInProgress } from './move-in-progress.js';
import { BANNED_THERE_ONLY, MoveInReport, type RecordOutcome } from './move-in-report.js';
import { SeenBefore } from './seen-before.js';

const RECORDS_A_BATCH = 500;

/** Of a dry run: the same user stood in the file before, and would be here by now. */
const SAME_USER = 'same_user';

const GOES_ON = 'it goes on where it stopped';

interface Import {
  readonly users: UserStore;
  readonly imports: UserImportService;
  readonly rules: CandidateRules;
  readonly clock: Clock;
  /** Null: users are written. */
  readonly dryRun: SeenBefore | null;
}

/**
 * Imports what another system has exported. Reads as it goes; each batch is one transaction, and what was imported stays. Ids are the same
 * each time, so that the same command again goes on after an interruption: users that are here already are counted, and left alone.
 */
export async function moveIn(file: string | undefined, options: MoveInOptions): Promise<void> {
  assertKeyGiven();
  const reader = readerOf(options.from);
  const roles = rolesFrom(options.roles);
  const isFile = file !== undefined && file !== '-';
  const size = isFile ? await assertReadable(file) : null;
  await assertApart(file, options);
  const settings = await settingsFor(reader, options);
  await withApplication(async (part) => {
    await assertKeyFits(part);
    const hashes = part(PasswordHashes);
    const rules = {
      system: reader.system,
      namespace: options.namespace ?? null,
      roles,
      defaultRoles: new Set(reader.defaultRoles),
      withoutUnknownHashes: options.withoutUnknownHashes ?? false,
      isVerificationRequired: part(Options).of(usersOptions).emailVerification === 'required',
      hasUsernames: part(Usernames).isOn,
      canVerify: (hash: string) => hashes.canVerify(hash),
    };
    const dryRun = options.dryRun ? new SeenBefore() : null;
    const parts = { users: part(UserStore), imports: part(UserImportService), clock: part(Clock) };
    const work = { ...parts, rules, dryRun };
    const report = await MoveInReport.open(options.report, options.ids);
    const progress = new MoveInProgress(size);
    const input = progress.counted(isFile ? createReadStream(file) : process.stdin);
    let end = 'failed';
    try {
      end = await runBatches(batchesOf(readExport(reader, input, settings)), work, report, progress);
    } catch (error) {
      throw asInterruption(error);
    } finally {
      progress.end();
      process.stdout.write(await report.close(end, dryRun !== null));
    }
    finish(end, report);
  });
}

/** After a signal the batch that is under way is finished: a second signal ends the process as it does any other. */
async function runBatches(
  batches: AsyncIterable<readonly ReadRecord[]>,
  work: Import,
  report: MoveInReport,
  progress: MoveInProgress,
): Promise<string> {
  let isStopped = false;
  const stop = () => {
    isStopped = true;
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    for await (const batch of batches) {
      await report.add(await importBatch(batch, work));
      progress.show(report.read);
      if (isStopped) return 'interrupted';
    }
    return 'complete';
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** A lost connection, or whatever else is no fault of the file. */
function asInterruption(error: unknown): unknown {
  const { problem, remedy } = told(error);
  if (error instanceof CommandFailure || error instanceof UnreadableExport) return error;
  return Object.assign(
    new CommandFailure(problem, `${remedy ? `${remedy}; then ` : ''}run the same command again: ${GOES_ON}`),
    { cause: error },
  );
}

function finish(end: string, report: MoveInReport): void {
  if (end === 'interrupted') throw new CommandFailure('Interrupted.', `run the same command again: ${GOES_ON}`);
  if (!report.isAllHere)
    throw new CommandFailure(
      'Some users could not be imported.',
      'correct what is listed above (all of it: --report FILE), then run the same command again; or leave them behind',
    );
}

async function* batchesOf(records: AsyncIterable<ReadRecord>): AsyncGenerator<readonly ReadRecord[]> {
  let batch: ReadRecord[] = [];
  for await (const record of records) {
    batch.push(record);
    if (batch.length < RECORDS_A_BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function importBatch(batch: readonly ReadRecord[], work: Import): Promise<RecordOutcome[]> {
  const read = await Promise.all(batch.map((record) => candidateOf(record, work.rules)));
  const candidates = read.filter((one): one is Candidate => 'user' in one);
  const refused = read.flatMap((one) => ('refused' in one ? [refusal(one, one.refused)] : []));
  const fresh = await withoutThoseHere(candidates, work);
  const tried = await importFresh(fresh.new, work);
  const imported = await Promise.all(tried.map(({ candidate, reason }) => outcomeOf(candidate, reason, work)));
  return [...refused, ...fresh.here, ...imported].sort((one, other) => one.at - other.at);
}

/** When the first of a batch is here, an import goes on: then all are looked for first, which is quicker than to insert them in vain. */
async function withoutThoseHere(candidates: readonly Candidate[], work: Import) {
  const [first] = candidates;
  const isGoingOn = first !== undefined && (await work.users.find(first.user.id)) !== null;
  if (!isGoingOn) return { new: candidates, here: [] };
  const found = await Promise.all(
    candidates.map(async (candidate) => ({ candidate, user: await work.users.find(candidate.user.id) })),
  );
  return {
    new: found.filter(({ user }) => user === null).map(({ candidate }) => candidate),
    here: found.flatMap(({ candidate, user }) => (user ? [hereAs(candidate, user, work)] : [])),
  };
}

/** What became of each. @param reason why it was refused; null: it was not */
interface Tried {
  readonly candidate: Candidate;
  readonly reason: string | null;
}

/** A user is not lost for a username that another user has. */
async function importFresh(candidates: readonly Candidate[], work: Import): Promise<Tried[]> {
  const tried = await importOnce(candidates, work);
  const again = tried.filter(({ reason }) => reason === 'username_refused').map(({ candidate }) => nameless(candidate));
  if (again.length === 0) return tried;
  return [...tried.filter(({ reason }) => reason !== 'username_refused'), ...(await importOnce(again, work))];
}

function nameless({ user: { username: _, ...user }, notes, ...candidate }: Candidate): Candidate {
  return { ...candidate, user, notes: [...notes, 'username_left_out'] };
}

async function importOnce(candidates: readonly Candidate[], work: Import): Promise<Tried[]> {
  const { refused } = await reportOf(candidates, work);
  const reasons = new Map(refused.map(({ index, reason }) => [index, reason]));
  return candidates.map((candidate, index) => {
    const reason = reasons.get(index) ?? null;
    return { candidate, reason: work.dryRun ? dryReason(candidate, reason, work.dryRun) : reason };
  });
}

async function reportOf(candidates: readonly Candidate[], { imports, dryRun }: Import): Promise<ImportReport> {
  const users = candidates.map(({ user }) => user);
  if (users.length === 0) return { imported: 0, refused: [] };
  return dryRun ? imports.check(users) : imports.import(users, COMMAND_LINE);
}

/** What the import would say of a user whom the file has had before, had it written them then. */
function dryReason({ user }: Candidate, reason: string | null, seen: SeenBefore): string | null {
  if (reason !== null && reason !== 'taken') return reason;
  const email = canonicalEmail(user.email)!;
  const met = reason === null ? seen.add(email, user.id) : seen.find(email, user.id);
  if (met === 'same_user') return SAME_USER;
  if (met === 'same_id') return 'id_of_another_address';
  return met === 'same_address' ? 'taken' : reason;
}

async function outcomeOf(candidate: Candidate, reason: string | null, work: Import): Promise<RecordOutcome> {
  const { users, dryRun, clock } = work;
  const { at, foreignId, user, notes } = candidate;
  if (reason === null) {
    const brought = broughtBy(user, clock.now());
    return { at, foreignId, id: user.id, outcome: dryRun ? 'would_import' : 'imported', notes, brought };
  }
  if (reason === SAME_USER) return { at, foreignId, id: user.id, outcome: 'already_here', notes };
  const existing = reason === 'taken' ? await users.find(user.id) : null;
  return existing ? hereAs(candidate, existing, work) : refusal(candidate, reason);
}

/** The id alone does not tell a user who is here from another installation's user of the same number. */
function hereAs(candidate: Candidate, existing: UserRecord, { clock }: Import): RecordOutcome {
  const { at, foreignId, user, notes } = candidate;
  if (existing.email !== canonicalEmail(user.email)) return refusal(candidate, 'id_of_another_address');
  const isBannedThereOnly = isStillBanned(user, clock.now()) && !isBanned(existing, clock.now());
  const told = isBannedThereOnly ? [...notes, BANNED_THERE_ONLY] : notes;
  return { at, foreignId, id: user.id, outcome: 'already_here', notes: told };
}

function refusal({ at, foreignId }: Pick<Candidate, 'at' | 'foreignId'>, reason: string): RecordOutcome {
  return { at, foreignId, id: null, outcome: 'refused', reason };
}
