import type { NotifiedClient, UndeliveredNotice } from './undelivered-notices.js';

export interface LogoutNoticesValues {
  readonly clients: readonly NotifiedClient[];
  /** The latest first. */
  readonly deadLetters: readonly UndeliveredNotice[];
}

export const LOGOUT_NOTICES_SAMPLE: LogoutNoticesValues = {
  clients: [{ clientId: 'ledger', name: 'Ledger', waiting: 2, dead: 1 }],
  deadLetters: [
    {
      clientId: 'ledger',
      userId: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e10',
      sessionId: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e11',
      attempts: 10,
      lastError: 'status 500',
      endedAt: new Date('2026-11-18T09:00:00Z'),
      deadAt: new Date('2026-11-21T09:00:00Z'),
    },
  ],
};

export const LOGOUT_NOTICES = `<p><a href="<%= it.path('/admin/ui/clients') %>"><%= it.t('admin-logout-notices.back') %></a></p>
<h1><%= it.title %></h1>
<p><%= it.t('admin-logout-notices.what') %></p>
<% if (it.clients.length === 0) { %><p><%= it.t('admin-logout-notices.none') %></p>
<% } else { %><table class="table"><thead><tr><th scope="col"><%= it.t('admin-logout-notices.client') %></th><th scope="col"><%= it.t('admin-logout-notices.waiting') %></th><th scope="col"><%= it.t('admin-logout-notices.dead') %></th><td></td></tr></thead>
<tbody><% for (const one of it.clients) { %><tr>
<th scope="row"><bdi><%= one.name ?? it.t('admin-logout-notices.gone') %></bdi> <span class="hint code block"><%= one.clientId %></span></th>
<td data-label="<%= it.t('admin-logout-notices.waiting') %>"><%= it.number(one.waiting) %></td>
<td data-label="<%= it.t('admin-logout-notices.dead') %>"><%= it.number(one.dead) %></td>
<td><% if (one.dead > 0) { %><form method="post" action="<%= it.path('/admin/ui/logout-notices/revive') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><input type="hidden" name="clientId" value="<%= one.clientId %>"><button class="second"><%= it.t('admin-logout-notices.revive') %></button></form><% } %></td></tr>
<% } %></tbody></table>
<% } %><% if (it.deadLetters.length > 0) { %><h2><%= it.t('admin-logout-notices.dead-letters') %></h2>
<table class="table"><caption><%= it.t('admin-logout-notices.dead-order') %></caption><thead><tr><th scope="col"><%= it.t('admin-logout-notices.user') %></th><th scope="col"><%= it.t('admin-logout-notices.client') %></th><th scope="col"><%= it.t('admin-logout-notices.ended') %></th><th scope="col"><%= it.t('admin-logout-notices.attempts') %></th><th scope="col"><%= it.t('admin-logout-notices.error') %></th><th scope="col"><%= it.t('admin-logout-notices.given-up') %></th></tr></thead>
<tbody><% for (const letter of it.deadLetters) { %><tr>
<th scope="row"><a class="code" href="<%= it.path('/admin/ui/users/' + letter.userId) %>"><%= letter.userId %></a></th>
<td data-label="<%= it.t('admin-logout-notices.client') %>"><span class="code"><%= letter.clientId %></span></td>
<td data-label="<%= it.t('admin-logout-notices.ended') %>"><%~ it.date(letter.endedAt) %></td>
<td data-label="<%= it.t('admin-logout-notices.attempts') %>"><%= it.number(letter.attempts) %></td>
<td data-label="<%= it.t('admin-logout-notices.error') %>"><%= letter.lastError ?? '–' %></td>
<td data-label="<%= it.t('admin-logout-notices.given-up') %>"><%~ it.date(letter.deadAt) %></td></tr>
<% } %></tbody></table>
<% } %>
`;
