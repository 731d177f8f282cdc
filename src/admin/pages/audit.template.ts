import type { AuditCounts } from '../../audit/audit-counter.js';
import { plot } from '../../pages/plot/plot.js';
import { EVENT_SAMPLE, eventTable, type ShownEvent } from './shown-event.js';

/** Counts as the plot takes them. */
export interface ShownCounts {
  readonly by: AuditCounts['by'];
  /** In UTC. */
  readonly labels: readonly string[];
  readonly values: readonly number[];
  readonly total: number;
  /** Whether a count is too low, for there were too many to count. */
  readonly isCut: boolean;
}

export function shownCounts({ by, counts }: AuditCounts): ShownCounts {
  return {
    by,
    labels: counts.map(({ from }) => labelOf(from.toISOString(), by)),
    values: counts.map(({ count }) => count),
    total: counts.reduce((sum, { count }) => sum + count, 0),
    isCut: counts.some(({ isCut }) => isCut),
  };
}

function labelOf(instant: string, by: AuditCounts['by']): string {
  return by === 'day' ? instant.slice(0, 10) : `${instant.slice(5, 10)} ${instant.slice(11, 16)}`;
}

export interface AuditValues {
  /** As they were typed. */
  readonly filters: Readonly<Record<'userId' | 'actorId' | 'ip' | 'type' | 'from' | 'to', string>>;
  /** Names of the filters that cannot be read. */
  readonly wrong: readonly string[];
  readonly events: readonly ShownEvent[];
  /** Null where a filter cannot be read. */
  readonly counts: ShownCounts | null;
  /** Draws them. */
  readonly plot: typeof plot;
  readonly isFirst: boolean;
  /** Query of the first page; empty without a filter. */
  readonly query: string;
  /** Query of the next page; null: this is the last. */
  readonly next: string | null;
}

export const AUDIT_SAMPLE: AuditValues = {
  filters: { userId: '', actorId: '', ip: '192.0.2.7', type: 'login.', from: '2026-11-21T09:00', to: '' },
  wrong: [],
  events: [EVENT_SAMPLE],
  counts: { by: 'hour', labels: ['11-21 09:00', '11-21 10:00'], values: [3, 9000], total: 9003, isCut: true },
  plot,
  isFirst: false,
  query: '?ip=192.0.2.7',
  next: '?ip=192.0.2.7&cursor=x',
};

const field = (name: string, attributes: string) =>
  `<div class="field"><label for="${name}"><%= it.t('admin-audit.${name}') %></label><input id="${name}" name="${name}" maxlength="100" value="<%= it.filters.${name} %>" ${attributes} autocomplete="off" spellcheck="false"<% if (it.wrong.includes('${name}')) { %> aria-invalid="true" aria-describedby="${name}-wrong"<% } %>><% if (it.wrong.includes('${name}')) { %><span class="wrong" id="${name}-wrong"><%= it.t('admin-audit.${name}.wrong') %></span><% } %></div>
`;

export const AUDIT = `
<h1><%= it.title %></h1>
<form class="filters" method="get" action="<%= it.path('/admin/ui/audit') %>" role="search" data-swap>
${field('type', 'placeholder="login."')}${field('userId', '')}${field('actorId', '')}${field('ip', '')}${field('from', 'type="datetime-local"')}${field('to', 'type="datetime-local"')}
<button><%= it.t('admin-users.find') %></button>
<% if (it.query !== '') { %><a class="button second" href="<%= it.path('/admin/ui/audit') %>" data-swap><%= it.t('admin-users.reset') %></a>
<% } %></form>
<% if (it.counts !== null) { %><%~ it.plot({
  title: it.t('admin-audit.plot.' + it.counts.by), finding: it.t(it.counts.isCut ? 'admin-audit.plot.at-least' : 'admin-audit.plot.finding', { count: it.counts.total }),
  labels: [...it.counts.labels], series: [{ name: it.t('admin-audit.plot.events'), values: [...it.counts.values] }], shape: 'bars',
  words: { label: it.t('admin-audit.plot.time'), asNumbers: it.t('admin-audit.plot.numbers'), nothing: it.t('admin-events.none') }, formatValue: it.number }) %>
<% if (it.counts.isCut) { %><p class="hint"><%= it.t('admin-audit.plot.cut') %></p><% } %><% } %>
<% if (it.events.length === 0) { %><p><%= it.t(it.wrong.length > 0 ? 'admin-audit.wrong' : it.next === null ? 'admin-events.none' : 'admin-audit.none-yet') %></p>
<% } else { %>${eventTable(true)}<% } %>
<nav class="pager" aria-label="<%= it.t('admin-users.pages') %>">
<% if (!it.isFirst) { %><a class="button second" href="<%= it.path('/admin/ui/audit') + it.query %>" data-swap><%= it.t('admin-users.first') %></a><% } %>
<% if (it.next !== null) { %><a class="button second" href="<%= it.path('/admin/ui/audit') + it.next %>" data-swap><%= it.t('admin-users.next') %></a><% } %>
<% if (it.events.length > 0) { %><a href="<%= it.path('/admin/ui/audit/export') + it.query %>" download><%= it.t('admin-audit.export') %></a><% } %>
</nav>
`;
