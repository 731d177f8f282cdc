import { Inject, Injectable } from '@nestjs/common';
import { ConfigurationError } from '../config/configuration-error.js';
import {
  EXTENTS,
  type Extent,
  SECURITY_EVENTS,
  type SecurityColumn,
  type SecurityEventName,
  type SecurityRow,
} from './security-table.js';

/** Cells in which an application ends more than the built-in table does. */
export type StricterCells = Readonly<Partial<Record<SecurityEventName, Partial<SecurityRow>>>>;

/**
 * DI token of {@link StricterCells}.
 *
 * @example
 * AuthModule.forRoot({ ..., providers: [{ provide: STRICTER_SECURITY_EVENTS, useValue: { password_changed: { apiKeys: 'all' } } }] })
 */
export const STRICTER_SECURITY_EVENTS = Symbol('coatcheck.stricter-security-events');

/** The table as it holds in this application. */
@Injectable()
export class EffectiveSecurityTable {
  private readonly rows: Readonly<Record<SecurityEventName, SecurityRow>>;

  /** @throws ConfigurationError for a cell that would end less, or that cannot be kept */
  constructor(@Inject(STRICTER_SECURITY_EVENTS) stricter: StricterCells) {
    const problems = Object.entries(stricter).flatMap(([event, cells]) =>
      problemsOf(event as SecurityEventName, cells ?? {}),
    );
    if (problems.length > 0) throw new ConfigurationError(problems);
    const rows = Object.entries(SECURITY_EVENTS).map(([event, row]) => {
      return [event, { ...row, ...stricter[event as SecurityEventName] }];
    });
    this.rows = Object.fromEntries(rows);
  }

  rowOf(event: SecurityEventName): SecurityRow {
    return this.rows[event];
  }
}

function problemsOf(event: SecurityEventName, cells: Partial<SecurityRow>) {
  const row: SecurityRow | undefined = SECURITY_EVENTS[event];
  const option = `STRICTER_SECURITY_EVENTS.${event}`;
  if (!row) return [{ option, problem: 'is not a security event', remedy: 'use one of the events of the table' }];
  return (Object.entries(cells) as [SecurityColumn, Extent][]).flatMap(([column, extent]) => {
    const place = `${option}.${column}`;
    if (!(column in row))
      return [{ option: place, problem: 'is not a column', remedy: 'use one of the columns of the table' }];
    if (extent === row[column] || isMore(extent, row[column], column)) {
      const sessions = cells.sessions ?? row.sessions;
      const isKept =
        column !== 'pendingLogins' || extent === row[column] || sessions === 'all' || sessions === 'others';
      if (isKept) return [];
      return [{ option: place, problem: 'cannot end without the sessions', remedy: 'end the sessions too' }];
    }
    return [{ option: place, problem: `must end at least ${row[column]}, and only known parts`, remedy: 'use all' }];
  });
}

/** `others` makes sense of sessions only; what depends on the event cannot be chosen. */
function isMore(wanted: Extent, built: Extent, column: SecurityColumn): boolean {
  const isChoosable = wanted === 'all' || (wanted === 'others' && column === 'sessions');
  return isChoosable && EXTENTS.indexOf(wanted) > EXTENTS.indexOf(built);
}
