import { Get, Header, Query, type StreamableFile } from '@nestjs/common';
import { CurrentUser } from '../../access/route-decorators.js';
import { SecurityLog, type SecurityLogEntry } from '../../audit/security-log.js';
import { cursorOf, idsIn } from '../../http/page-cursor.js';
import type { AuthUser } from '../../kernel/auth-context.js';
import { Clock } from '../../kernel/clock.js';
import { SECURITY_LOG_KINDS } from '../../kernel/security-log.js';
import { Catalogue } from '../../languages/catalogue.js';
import { EXPORTS } from '../../limits/rate-limit-rule.js';
import { RateLimited } from '../../limits/rate-limited.decorator.js';
import { AskedByOwnPage } from '../../pages/asked-by-own-page.decorator.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, view } from '../../pages/page-view.js';
import { deviceName } from '../../sessions/device-name.js';
import { downloadOf } from '../download.js';
import { jsonFile } from '../json-file.js';
import { SecurityLogQuery } from '../security-log.controller.js';
import { SecurityLogPersonalData } from '../security-log.personal-data.js';

const SHOWN = 25;

@PageController('account/log', 'account')
export class AccountLogPage {
  constructor(
    private readonly log: SecurityLog,
    private readonly all: SecurityLogPersonalData,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Query() { kind, cursor }: SecurityLogQuery, @CurrentUser() { id }: AuthUser): Promise<PageView> {
    const before = idsIn(cursor, 1)?.[0];
    const { entries, next } = await this.log.page(id, { kind, before, limit: SHOWN });
    return view('account-log', {
      kinds: SECURITY_LOG_KINDS,
      kind: kind ?? null,
      entries: entries.map((entry) => this.shown(entry)),
      isFirst: before === undefined,
      next: next === null ? null : cursorOf(next),
    });
  }

  /** A file; reads only. */
  @Get('download')
  @AskedByOwnPage()
  @RateLimited(EXPORTS)
  @Header('Cache-Control', 'no-store')
  @Header('X-Content-Type-Options', 'nosniff')
  download(@CurrentUser() { id }: AuthUser): StreamableFile {
    return downloadOf(jsonFile('security-log', [this.all], id, this.clock.now()));
  }

  private shown({ type, userAgent, details, ...entry }: SecurityLogEntry) {
    const key = `account-log.event.${type}`;
    // A factor of its own name has none of ours.
    const factorKey = `account-log.factor.${String(details.factor)}`;
    return {
      ...entry,
      type,
      key: this.catalogue.has(key) ? key : null,
      factorKey: typeof details.factor === 'string' && this.catalogue.has(factorKey) ? factorKey : null,
      left: typeof details.left === 'number' ? details.left : null,
      device: deviceName(userAgent),
    };
  }
}
