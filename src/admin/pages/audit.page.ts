import { Get, Query, StreamableFile } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import { AuditCounter } from '../../audit/audit-counter.js';
import { AuditRecords } from '../../audit/audit-records.js';
import { AuditSink } from '../../audit/audit-sink.js';
import { cursorOf } from '../../http/page-cursor.js';
import { StrictValidationPipe } from '../../http/validation.pipe.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { AdminPage } from '../../pages/admin-page.js';
import { AskedByOwnPage } from '../../pages/asked-by-own-page.decorator.js';
import { type PageView, view } from '../../pages/page-view.js';
import { plot } from '../../pages/plot/plot.js';
import { audited } from '../../security/actor.js';
import type { AdminActor } from '../admin-actor.js';
import { IfGiven } from '../admin-fields.js';
import { AuditQuery, auditFilterOf } from '../audit.requests.js';
import { AuditExport } from '../audit-export.js';
import { ByAdmin } from '../by-admin.decorator.js';
import { shownCounts } from './audit.template.js';
import { shownEvent } from './shown-event.js';
import { queryOf } from './users.page.js';

const SHOWN = 50;
const JSON_LINES = 'application/x-ndjson';

/** The query as typed, each value as text: its mistakes are shown on the page. */
export class AuditPageQuery {
  @IfGiven('userId')
  @IsString()
  @MaxLength(100)
  userId?: string;

  @IfGiven('actorId')
  @IsString()
  @MaxLength(100)
  actorId?: string;

  @IfGiven('ip')
  @IsString()
  @MaxLength(100)
  ip?: string;

  @IfGiven('type')
  @IsString()
  @MaxLength(100)
  type?: string;

  @IfGiven('from')
  @IsString()
  @MaxLength(100)
  from?: string;

  @IfGiven('to')
  @IsString()
  @MaxLength(100)
  to?: string;

  @IfGiven('cursor')
  @IsString()
  @MaxLength(64)
  cursor?: string;
}

@AdminPage('audit')
export class AuditPage {
  private readonly pipe = new StrictValidationPipe();

  constructor(
    private readonly records: AuditRecords,
    private readonly counter: AuditCounter,
    private readonly exports: AuditExport,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Query() { cursor = '', ...typed }: AuditPageQuery): Promise<PageView> {
    const { userId = '', actorId = '', ip = '', type = '', from = '', to = '' } = typed;
    const filters = { userId, actorId, ip, type, from, to };
    const wrong = await this.wrongFields({ ...filters, cursor });
    const shown = { filters, wrong, isFirst: cursor === '', query: queryOf(filters), plot };
    if (wrong.length > 0)
      return view('admin-audit', { ...shown, events: [], counts: null, next: null }, { status: 400 });
    const filter = auditFilterOf(jsonQueryOf({ ...filters, cursor }));
    const [{ events, next }, counts] = await Promise.all([
      this.records.page(filter, SHOWN),
      this.counter.count(filter, this.clock.now()),
    ]);
    const nextQuery = next && queryOf({ ...filters, cursor: cursorOf(next) });
    return view('admin-audit', {
      ...shown,
      events: events.map(shownEvent),
      counts: shownCounts(counts),
      next: nextQuery,
    });
  }

  /** Exports the list, one event a line. */
  @Get('export')
  @AskedByOwnPage()
  async export(@Query() typed: AuditPageQuery, @ByAdmin() by: AdminActor): Promise<StreamableFile> {
    const wrong = await this.wrongFields(typed);
    if (wrong.length > 0) throw new AuthError('validation_failed', { reason: 'no_audit_filter' });
    await this.audit.record({ type: 'audit.exported', ...audited(by) });
    const disposition = `attachment; filename="audit-${this.clock.now().toISOString().slice(0, 10)}.ndjson"`;
    return new StreamableFile(this.exports.lines(auditFilterOf(jsonQueryOf(typed))), { type: JSON_LINES, disposition });
  }

  /** By the rules of the JSON route. */
  private async wrongFields(typed: AuditPageQuery): Promise<string[]> {
    try {
      await this.pipe.transform(jsonQueryOf(typed), { type: 'query', metatype: AuditQuery });
      return [];
    } catch (error) {
      if (!(error instanceof AuthError) || !error.errors) throw error;
      return error.errors.map(({ field }) => field);
    }
  }
}

/** As the JSON route takes them: nothing that is empty, and instants with a zone. */
function jsonQueryOf({ from, to, ...others }: AuditPageQuery): AuditQuery {
  const given = Object.entries({ ...others, from: instantIn(from), to: instantIn(to) });
  return Object.assign(
    new AuditQuery(),
    Object.fromEntries(given.map(([name, value]) => [name, value?.trim()]).filter(([, value]) => value)),
  );
}

/** `<input type="datetime-local">` knows no zone, and means UTC here. */
function instantIn(text: string | undefined): string | undefined {
  return text && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) ? `${text}:00Z` : text;
}
