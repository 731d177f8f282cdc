import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { SECURITY_LOG_EVENTS, type SecurityLogEvent, type SecurityLogKind } from '../kernel/security-log.js';

/** An event in the security log, as the user it happened to may see it. */
export interface SecurityLogEntry {
  /** UUIDv7. */
  readonly id: string;
  readonly at: Date;
  /** As in the audit, e.g. `login.failed`. */
  readonly type: string;
  readonly kind: SecurityLogKind;
  /** Whether an admin did it, whose name, address and reason stay hidden. */
  readonly byAdmin: boolean;
  /** Where the request came from; null: not known, or not shown. */
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** The details of the event, as far as its feature shows them to users. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Which part of the log. */
export interface SecurityLogPart {
  /** Only these; absent: all. */
  readonly kind?: SecurityLogKind | undefined;
  /** Only entries older than this one, by its id in lower case. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** A part of the log. It may have fewer entries than were asked for though more follow. */
export interface SecurityLogPage {
  readonly entries: SecurityLogEntry[];
  /** Where the next part begins; null after the last. */
  readonly next: string | null;
}

interface Row {
  readonly id: string;
  readonly at: Date;
  /** Null: of a type that is not shown. */
  readonly type: string | null;
  readonly isByOther: boolean;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
/** Rows that one statement looks at: however few of them are shown, a page costs no more than the few statements it may take. */
const MOST_SCANNED = 1000;
const MOST_SCANS = 5;

/** The security log of a user, which is made of their audit events as the user may see them: a closed list of types, each with what its feature shows of it. */
@Injectable()
export class SecurityLog {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(SECURITY_LOG_EVENTS) private readonly shown: ReadonlyMap<string, SecurityLogEvent>,
  ) {}

  /** The newest first. */
  async page(userId: string, { kind, before = LAST_ID, limit }: SecurityLogPart): Promise<SecurityLogPage> {
    const types = this.typesOf(kind);
    return this.dataSource.transaction(async (manager) => {
      // The planner may expect so few events of this user that it would read all of them and sort.
      await manager.query('SET LOCAL enable_sort = off');
      const entries: SecurityLogEntry[] = [];
      let from = before;
      for (let scans = 0; scans < MOST_SCANS; scans += 1) {
        const scanned = scans === 0 ? Math.min(2 * limit + 1, MOST_SCANNED) : MOST_SCANNED;
        const rows = await this.scan(manager, userId, from, types, scanned);
        entries.push(...rows.filter(isShown).map((row) => this.entryOf(row)));
        if (entries.length > limit) return { entries: entries.slice(0, limit), next: entries[limit - 1]!.id };
        if (rows.length < scanned) return { entries, next: null };
        from = rows.at(-1)!.id;
      }
      return { entries, next: from };
    });
  }

  private typesOf(kind: SecurityLogKind | undefined): string[] {
    const all = [...this.shown];
    return all.filter(([, event]) => kind === undefined || event.kind === kind).map(([type]) => type);
  }

  /**
   * The newest `limit` of all events of the user, shown or not, by the index of the user and by no other: picking by type first would
   * walk all of them where few are of a kind.
   */
  private scan(
    manager: EntityManager,
    userId: string,
    before: string,
    types: readonly string[],
    limit: number,
  ): Promise<Row[]> {
    return manager.query(
      `SELECT id, at, shown.type, actor_id IS NOT NULL AND actor_id <> $1 AS "isByOther", ip, user_agent AS "userAgent",
              CASE WHEN shown.type IS NOT NULL THEN details END AS details
         FROM coatcheck.audit_events event,
              LATERAL (SELECT CASE WHEN event.type = ANY ($3::text[]) THEN event.type END AS type) shown
        WHERE (user_id, id) >= ($1::uuid, '${FIRST_ID}'::uuid) AND (user_id, id) < ($1::uuid, $2::uuid)
        ORDER BY user_id DESC, id DESC LIMIT $4`,
      [userId, before, types, limit],
    );
  }

  private entryOf({ id, at, type, isByOther, ip, userAgent, details }: ShownRow): SecurityLogEntry {
    const { kind, details: named = [], hidesOrigin = false } = this.shown.get(type)!;
    const origin = isByOther || hidesOrigin ? { ip: null, userAgent: null } : { ip, userAgent };
    const shownDetails = Object.entries(details ?? {}).filter(([name]) => named.includes(name));
    return { id, at, type, kind, byAdmin: isByOther, ...origin, details: Object.fromEntries(shownDetails) };
  }
}

type ShownRow = Row & { readonly type: string };

function isShown(row: Row): row is ShownRow {
  return row.type !== null;
}
