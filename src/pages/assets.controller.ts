import type { IncomingHttpHeaders } from 'node:http';
import { Get, Header, Headers, Param, Res, SetMetadata, StreamableFile } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Public } from '../access/public.decorator.js';
import { MOUNTED_IF } from '../http/mounting.js';
import { AuthError } from '../kernel/auth-error.js';
import { Assets } from './assets/assets.js';
import { PageController } from './page-controller.js';

const SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** The style sheet, the modules and the logo. Served with `PAGES=off` too: pages of mailed links are. */
@SetMetadata(MOUNTED_IF, () => true)
@PageController('assets', 'sign-in')
export class AssetsController {
  constructor(
    private readonly assets: Assets,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  @Get(':file')
  @Public()
  @Header('Cache-Control', 'public, max-age=31536000, immutable')
  @Header('Vary', 'Accept-Encoding')
  @Header('X-Content-Type-Options', 'nosniff')
  @Header('Cross-Origin-Resource-Policy', 'same-origin')
  read(
    @Param('file') file: string,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) reply: object,
  ): StreamableFile {
    const asset = this.assets.find(file);
    if (asset === undefined) throw new AuthError('not_found', { reason: 'no_such_asset' });
    const adapter = this.adapterHost.httpAdapter;
    adapter.setHeader(reply, 'Content-Type', asset.type);
    // A team's logo may hold scripts: opened by itself it runs none, and is an origin of its own.
    if (asset.type === 'image/svg+xml') adapter.setHeader(reply, 'Content-Security-Policy', SVG_POLICY);
    const takesGzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(headers['accept-encoding'] ?? ''));
    if (takesGzip) adapter.setHeader(reply, 'Content-Encoding', 'gzip');
    return new StreamableFile(takesGzip ? asset.gzipped : asset.content);
  }
}
