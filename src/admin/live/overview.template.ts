import type { Span } from '../../measurements/measurement-series.js';
import { drawnFigure } from './drawn-figure.js';
import type { Figure } from './figures.js';
import type { Health } from './health.js';

export interface OverviewValues {
  /** Address of the events. */
  readonly live: string;
  readonly health: Health;
  readonly span: Span;
  readonly spans: readonly Span[];
  readonly times: readonly Date[];
  readonly figures: readonly Figure[];
  readonly draw: typeof drawnFigure;
}

export const OVERVIEW_SAMPLE: OverviewValues = {
  live: '/admin/ui/live?after=x',
  health: {
    leases: { nodes: 3, behind: 0 },
    measuringNodes: 3,
    store: { name: 'postgres', isReached: true },
    mail: { waiting: 2, isCut: false, since: new Date(0) },
    webhooks: { waiting: 0, isCut: false, since: null, dead: 1, isDeadCut: false },
  },
  span: 'day',
  spans: ['hour', 'day'],
  times: [new Date(0), new Date(1_800_000)],
  figures: [{ key: 'logins', series: [{ word: 'succeeded', name: '', values: [1, null] }] }],
  draw: drawnFigure,
};

const queue = (name: 'mail' | 'webhooks') =>
  `<% if (it.health.${name}.waiting === 0) { %><span class="badge is-good"><%= it.t('admin-overview.queue.empty') %></span><% } else { %><%= it.t(it.health.${name}.isCut ? 'admin-overview.queue.cut' : 'admin-overview.queue.waiting', { count: it.health.${name}.waiting }) %><% if (it.health.${name}.since) { %>, <%= it.t('admin-overview.queue.since') %> <%~ it.date(it.health.${name}.since) %><% } %><% } %>`;

export const OVERVIEW = `<h1><%= it.title %></h1>
<div data-live="<%= it.live %>" data-on="<%= it.t('live.on') %>" data-stopped="<%= it.t('live.stopped') %>">
<p class="row"><span class="hint" role="status" data-live-status><%= it.t('live.off') %></span> <a class="small" href="<%= it.path('/admin/ui') %>?span=<%= it.span %>"><%= it.t('live.reload') %></a></p>
<h2 class="unseen"><%= it.t('admin-overview.health') %></h2>
<dl class="health" data-rows="health">
<div data-key="nodes"><dt><%= it.t('admin-overview.nodes') %></dt><dd><% if (it.health.leases === null) { %><span class="badge is-bad"><%= it.t('admin-overview.nodes.none') %></span><% } else { %><strong><%= it.t('admin-overview.nodes.on-lease', { count: it.health.leases.nodes }) %></strong><% if (it.health.leases.behind > 0) { %> <span class="under"><%= it.t('admin-overview.nodes.behind', { count: it.health.leases.behind }) %></span><% } %><% } %><span class="under"><%= it.t('admin-overview.nodes.measuring', { count: it.health.measuringNodes }) %></span></dd></div>
<div data-key="store"><dt><%= it.t('admin-overview.store') %></dt><dd><strong><%= it.health.store.name %></strong> <span class="badge <%= it.health.store.isReached ? 'is-good' : 'is-bad' %>"><%= it.t(it.health.store.isReached ? 'admin-overview.store.reached' : 'admin-overview.store.out') %></span></dd></div>
<div data-key="mail"><dt><%= it.t('admin-overview.mail') %></dt><dd>${queue('mail')}</dd></div>
<div data-key="webhooks"><dt><%= it.t('admin-overview.webhooks') %></dt><dd>${queue('webhooks')}</dd></div>
<div data-key="dead"><dt><%= it.t('admin-overview.dead') %></dt><dd><% if (it.health.webhooks.dead === 0) { %><span class="badge is-good"><%= it.t('admin-overview.dead.none') %></span><% } else { %><span class="badge is-bad"><%= it.t(it.health.webhooks.isDeadCut ? 'admin-overview.queue.cut' : 'admin-overview.dead.some', { count: it.health.webhooks.dead }) %></span><% } %></dd></div>
</dl>
<h2><%= it.t('admin-overview.measured') %></h2>
<nav aria-label="<%= it.t('admin-overview.spans') %>"><ul class="tabs">
<% for (const span of it.spans) { %><li><a href="<%= it.path('/admin/ui') %>?span=<%= span %>"<% if (span === it.span) { %> aria-current="true"<% } %>><%= it.t('admin-overview.span.' + span) %></a></li>
<% } %></ul></nav>
<p class="hint"><%= it.t('admin-overview.utc') %></p>
<div class="plots" data-rows="plots">
<% for (const figure of it.figures) { %><div data-key="<%= figure.key %>"><%~ it.draw(figure, { span: it.span, times: it.times, t: it.t, lang: it.lang }) %></div>
<% } %></div>
</div>
`;
