import { Get, Header, Req, Res, UseGuards } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiProperty } from '@nestjs/swagger';
import { LoopbackGuard } from '../access/loopback.guard.js';
import { Public } from '../access/public.decorator.js';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { PageEntry } from '../pages/page-entry.js';
import { PagePaths } from '../pages/page-paths.js';
import { isServed } from '../pages/pages-options.js';
import { servesApiDocs, serviceOptions } from './service-options.js';

class HomeReply {
  @ApiProperty({
    description: 'API documentation; null if it is not served.',
    type: 'string',
    nullable: true,
    example: '/docs',
  })
  docs!: string | null;

  @ApiProperty({ description: 'Sent e-mails.', example: '/dev/outbox' })
  outbox!: string;

  @ApiProperty({ description: 'Health of this node.', example: '/health/ready' })
  health!: string;
}

const TITLES = { docs: 'API documentation', outbox: 'Sent e-mails', health: 'Health' };
const POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Where to look first. Development only, and to this machine only. */
@AuthController('', 'Development')
@UseGuards(LoopbackGuard)
export class HomeController {
  private readonly links: HomeReply;
  private readonly hasPages: boolean;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly pages: PageEntry,
    private readonly paths: PagePaths,
    options: Options,
  ) {
    const { nodeEnv } = options.of(coreOptions);
    const docs = servesApiDocs({ nodeEnv, ...options.of(serviceOptions) }) ? '/docs' : null;
    this.hasPages = isServed('sign-in', options);
    this.links = { docs, outbox: '/dev/outbox', health: '/health/ready' };
  }

  @Describe({
    summary: 'List what there is to look at',
    description:
      'Browsers are sent to the pages, or shown the same as a page where there are none. Available in development only, and only from this machine.',
    answers: { 200: { description: 'Paths.', type: HomeReply } },
    errors: ['not_found'],
  })
  @Get()
  @Public()
  @Header('Vary', 'Accept')
  readLinks(@Req() request: HttpRequest, @Res({ passthrough: true }) reply: object): HomeReply | string {
    if (!request.headers.accept?.includes('text/html')) return this.links;
    const adapter = this.adapterHost.httpAdapter;
    if (this.hasPages) {
      adapter.status(reply, 303);
      adapter.setHeader(reply, 'Location', this.paths.pathOf(this.pages.next(request).path));
      return '';
    }
    adapter.setHeader(reply, 'Content-Type', 'text/html; charset=utf-8');
    adapter.setHeader(reply, 'Content-Security-Policy', POLICY);
    return pageOf(this.links);
  }
}

function pageOf(links: HomeReply): string {
  const items = Object.entries(links).filter(([, path]) => path !== null);
  const list = items.map(([name, path]) => `<li><a href="${path}">${TITLES[name as keyof HomeReply]}</a></li>`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Coatcheck</title></head>
<body>
<h1>Coatcheck, in development</h1>
<ul>
${list.join('\n')}
</ul>
</body>
</html>
`;
}
