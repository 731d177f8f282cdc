import { Get, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { CurrentAuth } from '../../access/route-decorators.js';
import type { HttpReply, HttpRequest } from '../../edge/http-exchange.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { Clock } from '../../kernel/clock.js';
import { LiveQuery } from '../../live/live-query.js';
import { LiveStreams } from '../../live/live-streams.js';
import { MeasurementSeries, SPANS, type Span } from '../../measurements/measurement-series.js';
import { AdminPage } from '../../pages/admin-page.js';
import { PagePaths } from '../../pages/page-paths.js';
import { type PageView, view } from '../../pages/page-view.js';
import { drawnFigure } from './drawn-figure.js';
import { figuresOf } from './figures.js';
import { HealthReport } from './health.js';
import type { OverviewValues } from './overview.template.js';

const SPAN_NAMES = Object.keys(SPANS) as Span[];
/** Nothing happens when a node falls behind: the page is read anew by time. */
const REFRESH_SECONDS = 10;

class OverviewQuery {
  @IsOptional()
  @IsIn(SPAN_NAMES)
  span?: Span;
}

/** How the service is, and what happened lately. */
@AdminPage('')
export class OverviewPage {
  constructor(
    private readonly health: HealthReport,
    private readonly series: MeasurementSeries,
    private readonly streams: LiveStreams,
    private readonly paths: PagePaths,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Query() { span = 'day' }: OverviewQuery): Promise<PageView> {
    const position = await this.streams.positionNow();
    const [health, measured] = await Promise.all([this.health.read(this.clock.now()), this.series.read(span)]);
    const values: OverviewValues = {
      live: this.paths.pathOf(`/admin/ui/live?after=${position}`),
      health,
      span,
      spans: SPAN_NAMES,
      times: measured.times,
      figures: figuresOf(measured),
      draw: drawnFigure,
    };
    return view('admin-overview', { ...values });
  }

  @Get('live')
  follow(
    @Query() { after }: LiveQuery,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<StreamableFile> {
    const interest = { concerns: () => false, everySeconds: REFRESH_SECONDS };
    return this.streams.follow(after, interest, auth, { request, reply });
  }
}
