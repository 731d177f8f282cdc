import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type AuditEvent, AuditSink } from '../audit/audit-sink.js';
import { recordingEvents } from '../audit/recording-events.js';
import { EmailChanges } from '../users/email-changes.js';
import type { UserRecord } from '../users/user.store.js';
import { type Ending, type EndingOne, HOLDINGS, Holding } from './holding.js';
import { KeptAdditions } from './kept-additions.js';
import type { SecurityColumn, SecurityEventName, SecurityRow } from './security-table.js';
import { together } from './statement-holding.js';

/** By how much the clocks of two nodes may differ. */
const CLOCKS_APART_MILLISECONDS = 10_000;

/** The things that an event concerns, beside its user. */
export interface EndingScope {
  readonly event: SecurityEventName;
  /** Before the event. */
  readonly user: UserRecord;
  readonly at: Date;
  readonly since?: Date | undefined;
  readonly one?: EndingOne | undefined;
  readonly exceptSessionId?: string | undefined;
  readonly mailbox?: string | undefined;
}

/** Ends what the table says, and records the event: of most holdings, and of the event, in one statement. */
@Injectable()
export class EndedHoldings {
  constructor(
    @Inject(HOLDINGS) private readonly holdings: readonly Holding[],
    private readonly emailChanges: EmailChanges,
    private readonly kept: KeptAdditions,
    private readonly audit: AuditSink,
  ) {}

  /** @returns to be called once the transaction has been committed */
  async end(row: SecurityRow, scope: EndingScope, event: AuditEvent, tx: EntityManager): Promise<() => void> {
    const due = await this.due(row, scope, tx);
    const { user, mailbox = user.email } = scope;
    // Before the ends: the mail with the link to a new password comes last, and is the newest.
    await this.kept.tell(due, { id: user.id, email: mailbox }, tx);
    const values: unknown[] = [];
    const bind = (value: unknown) => `$${values.push(value)}`;
    const parts: string[] = [];
    const alone: [Holding, Ending][] = [];
    for (const [holding, ending] of due) {
      const statements = holding.isDerived ? null : holding.statements(ending, bind);
      if (statements) parts.push(...statements);
      else alone.push([holding, ending]);
    }
    const written = await this.together(parts, event, values, tx);
    for (const [holding, ending] of alone) await holding.end(ending, tx);
    return written;
  }

  async endForAllUsers(row: SecurityRow, tx: EntityManager): Promise<void> {
    for (const holding of this.holdings) if (row[holding.column] !== 'none') await holding.endForAllUsers(tx);
  }

  /** In the order of the features, those derived from others last. */
  private async due(row: SecurityRow, scope: EndingScope, tx: EntityManager): Promise<[Holding, Ending][]> {
    const asks = Object.values(row).includes('ifMoved');
    const hasMoved = asks && (await this.emailChanges.hasMovedLately(scope.user, tx));
    const due = this.holdings.flatMap((holding): [Holding, Ending][] => {
      const ending = endingOf(holding.column, row, scope, hasMoved);
      return ending ? [[holding, ending]] : [];
    });
    return due.sort(([one], [other]) => Number(one.isDerived) - Number(other.isDerived));
  }

  private async together(
    parts: readonly string[],
    event: AuditEvent,
    values: unknown[],
    tx: EntityManager,
  ): Promise<() => void> {
    const bind = (value: unknown) => `$${values.push(value)}`;
    const audited = this.audit.writtenBy([event], tx.connection);
    const rest: string[] = [];
    if (audited) {
      const changed = `SELECT ${bind(audited.events)}::jsonb AS events, NULL::uuid AS user_id, NULL::uuid AS session_id`;
      rest.push(recordingEvents(changed, bind(audited.destinations)));
    }
    if (parts.length + rest.length > 0) await tx.query(`${together(parts, ...rest)} SELECT 1`, values);
    if (!audited) await this.audit.record(event, tx);
    return () => audited?.written(event);
  }
}

/** Null: nothing of it ends. */
function endingOf(
  column: SecurityColumn,
  row: SecurityRow,
  { event, user, at, since, one, mailbox, exceptSessionId }: EndingScope,
  hasMoved: boolean,
): Ending | null {
  const extent = row[column];
  const all = { userId: user.id, event, at, mailbox };
  // Without an instant there is no telling what is older: all of it ends.
  if (extent === 'since') return { ...all, since: isOwners(column, since, user) ? startOf(column, since!) : undefined };
  if (extent === 'one') return one ? { ...all, one } : null;
  if (extent === 'ifMoved') return hasMoved ? all : null;
  if (extent === 'others') return { ...all, exceptSessionId };
  return extent === 'all' ? all : null;
}

/**
 * Whether what is older than this is the owner's. Before the first proof of any mailbox of the account, a stranger may have set up anything;
 * but ways back were mailed to a mailbox, which a thief who moved the account twice would otherwise get rid of.
 */
function isOwners(column: SecurityColumn, since: Date | undefined, { firstVerifiedAt }: UserRecord): boolean {
  return since !== undefined && (isWayBack(column) || (firstVerifiedAt !== null && firstVerifiedAt < since));
}

/**
 * Two nodes have made the two instants, and a thief's key must not pass for older. Ways back are compared as they are: one from just before
 * is the owner's, and a thief who takes a second change back would end it.
 */
function startOf(column: SecurityColumn, since: Date): Date {
  return isWayBack(column) ? since : new Date(since.getTime() - CLOCKS_APART_MILLISECONDS);
}

function isWayBack(column: SecurityColumn): boolean {
  return column === 'undoLinks' || column === 'notMeLinks';
}
