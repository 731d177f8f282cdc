import { Get, Header, HttpCode, Post, type StreamableFile } from '@nestjs/common';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth, NotWhileImpersonating } from '../../access/route-decorators.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { EXPORTS } from '../../limits/rate-limit-rule.js';
import { RateLimited } from '../../limits/rate-limited.decorator.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, view } from '../../pages/page-view.js';
import { DataExport } from '../data-export.js';
import { downloadOf } from '../download.js';

@PageController('account/export', 'account')
@NotWhileImpersonating()
export class AccountExportPage {
  constructor(private readonly exports: DataExport) {}

  @Get()
  show(): PageView {
    return view('account-export');
  }

  @Post()
  @HttpCode(200)
  @RateLimited({ ...EXPORTS, countedAs: 'DataExportController.exportMyData' })
  @Header('Cache-Control', 'no-store')
  @Header('X-Content-Type-Options', 'nosniff')
  async download(@CurrentAuth() auth: AuthContext, @CurrentExchange() exchange: Exchange): Promise<StreamableFile> {
    return downloadOf(await this.exports.begin(auth, exchange.caller));
  }
}
