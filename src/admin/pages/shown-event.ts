import type { AuditEventEntity } from '../../audit/audit-event.entity.js';

/** An event as pages show it. */
export interface ShownEvent {
  readonly id: string;
  readonly at: Date;
  readonly type: string;
  readonly reason: string | null;
  readonly userId: string | null;
  /** Null also where users acted on their own account. */
  readonly actorId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  /** As JSON; empty: none. */
  readonly details: string;
}

export function shownEvent({ details, ...event }: AuditEventEntity): ShownEvent {
  const { id, at, type, reason, userId, actorId, ip, userAgent, requestId } = event;
  const text = Object.keys(details).length === 0 ? '' : JSON.stringify(details);
  return { id, at, type, reason, userId, actorId, ip, userAgent, requestId, details: text };
}

export const EVENT_SAMPLE: ShownEvent = {
  id: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
  at: new Date('2026-11-21T09:00:00Z'),
  type: 'login.failed',
  reason: 'wrong_password',
  userId: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
  actorId: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e10',
  ip: '192.0.2.7',
  userAgent: 'Mozilla/5.0',
  requestId: 'r-1',
  details: '{"strategy":"session"}',
};

/** The value `events` as a table; with the user of each, unless it is one user's. */
export const eventTable = (
  hasUsers: boolean,
) => `<table class="table events"><caption><%= it.t('admin-events.order') %></caption>
<thead><tr><th scope="col"><%= it.t('admin-events.at') %></th><th scope="col"><%= it.t('admin-events.type') %></th>${hasUsers ? `<th scope="col"><%= it.t('admin-events.user') %></th>` : ''}<th scope="col"><%= it.t('admin-events.from') %></th><th scope="col"><%= it.t('admin-events.more') %></th></tr></thead>
<tbody><% for (const event of it.events) { %><tr>
<td data-label="<%= it.t('admin-events.at') %>"><%~ it.date(event.at) %></td>
<th scope="row"><span class="code"><%= event.type %></span><% if (event.reason) { %> <span class="hint"><%= event.reason %></span><% } %></th>
${
  hasUsers
    ? `<td data-label="<%= it.t('admin-events.user') %>"><% if (event.userId) { %><a class="code" href="<%= it.path('/admin/ui/users/' + event.userId) %>" title="<%= event.userId %>"><%= event.userId.slice(0, 8) %>…</a><% } else { %>–<% } %><% if (event.actorId && event.actorId !== event.userId) { %> <span class="hint"><%= it.t('admin-events.by') %> <a class="code" href="<%= it.path('/admin/ui/users/' + event.actorId) %>" title="<%= event.actorId %>"><%= event.actorId.slice(0, 8) %>…</a></span><% } %></td>
`
    : ''
}<td data-label="<%= it.t('admin-events.from') %>"><%= event.ip ?? '–' %></td>
<td data-label="<%= it.t('admin-events.more') %>"><details><summary><%= it.t('admin-events.show') %></summary><dl class="facts">
${hasUsers ? '' : `<% if (event.actorId && event.actorId !== event.userId) { %><dt><%= it.t('admin-events.by') %></dt><dd class="code"><a href="<%= it.path('/admin/ui/users/' + event.actorId) %>"><%= event.actorId %></a></dd><% } %>`}<% if (event.userAgent) { %><dt><%= it.t('admin-events.agent') %></dt><dd><%= event.userAgent %></dd><% } %><% if (event.requestId) { %><dt><%= it.t('admin-events.request') %></dt><dd class="code"><%= event.requestId %></dd><% } %><% if (event.details) { %><dt><%= it.t('admin-events.details') %></dt><dd class="code"><%= event.details %></dd><% } %><dt><%= it.t('admin-events.id') %></dt><dd class="code"><%= event.id %></dd></dl></details></td></tr>
<% } %></tbody></table>
`;
