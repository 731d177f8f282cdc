import type { FailedTry, TestResult, WebhookDestination } from './webhook-destinations.js';
import type { DeadLetter } from './webhook-outbox.js';

/** Events that were tried in vain for the same reason. */
export interface Failure extends Pick<FailedTry, 'lastError' | 'dueAt'> {
  /** Of those that are tried again the soonest. */
  readonly count: number;
}

export interface WebhooksValues {
  readonly webhooks: readonly (Omit<WebhookDestination, 'failedTries'> & { readonly failures: readonly Failure[] })[];
  /** The latest first. */
  readonly deadLetters: readonly DeadLetter[];
  /** The result of the test that was just sent; null: none was. */
  readonly tested: (TestResult & { readonly destination: string }) | null;
}

export const WEBHOOKS_SAMPLE: WebhooksValues = {
  webhooks: [
    {
      name: 'siem',
      origin: 'https://siem.example.com',
      waiting: 3,
      dead: 1,
      failures: [{ count: 2, lastError: 'status 500', dueAt: new Date('2026-11-21T09:00:00Z') }],
    },
  ],
  deadLetters: [
    {
      eventId: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e10',
      destination: 'siem',
      attempts: 10,
      lastError: 'status 500',
      deadAt: new Date('2026-11-21T09:00:00Z'),
    },
  ],
  tested: { destination: 'siem', delivered: false, status: 500, error: null },
};

const act = (path: string, word: string) =>
  `<form method="post" action="<%= it.path('/admin/ui/webhooks/${path}') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><input type="hidden" name="destination" value="<%= one.name %>"><button class="second"><%= it.t('${word}') %></button></form>`;

export const WEBHOOKS = `
<h1><%= it.title %></h1>
<p><%= it.t('admin-webhooks.what') %></p>
<% if (it.tested) { %><p class="<%= it.tested.delivered ? 'good' : 'problem' %>" role="<%= it.tested.delivered ? 'status' : 'alert' %>"><%= it.tested.status === null ? it.t('admin-webhooks.no-answer', { name: it.tested.destination, error: it.tested.error ?? '' }) : it.t(it.tested.delivered ? 'admin-webhooks.delivered' : 'admin-webhooks.refused', { name: it.tested.destination, status: String(it.tested.status) }) %></p><% } %>
<% if (it.webhooks.length === 0) { %><p><%= it.t('admin-webhooks.none') %></p>
<% } else { %><table class="table"><thead><tr><th scope="col"><%= it.t('admin-webhooks.name') %></th><th scope="col"><%= it.t('admin-webhooks.waiting') %></th><th scope="col"><%= it.t('admin-webhooks.dead') %></th><th scope="col"><%= it.t('admin-webhooks.failed') %></th><td></td></tr></thead>
<tbody><% for (const one of it.webhooks) { %><tr>
<th scope="row"><%= one.name %> <span class="hint code block"><%= one.origin %></span></th>
<td data-label="<%= it.t('admin-webhooks.waiting') %>"><%= it.number(one.waiting) %></td>
<td data-label="<%= it.t('admin-webhooks.dead') %>"><%= it.number(one.dead) %></td>
<td data-label="<%= it.t('admin-webhooks.failed') %>"><% if (one.failures.length === 0) { %>–<% } else { %><ul class="plain"><% for (const tried of one.failures) { %><li><%= it.t('admin-webhooks.tried', { count: tried.count }) %>: <%= tried.lastError ?? '–' %>; <%= it.t('admin-webhooks.again') %> <%~ it.date(tried.dueAt) %></li><% } %></ul><% } %></td>
<td><div class="row">${act('test', 'admin-webhooks.test')}<% if (one.dead > 0) { %>${act('revive', 'admin-webhooks.revive')}<% } %></div></td></tr>
<% } %></tbody></table>
<% } %><% if (it.deadLetters.length > 0) { %><h2><%= it.t('admin-webhooks.dead-letters') %></h2>
<table class="table"><caption><%= it.t('admin-webhooks.dead-order') %></caption><thead><tr><th scope="col"><%= it.t('admin-webhooks.event') %></th><th scope="col"><%= it.t('admin-webhooks.name') %></th><th scope="col"><%= it.t('admin-webhooks.attempts') %></th><th scope="col"><%= it.t('admin-webhooks.error') %></th><th scope="col"><%= it.t('admin-webhooks.given-up') %></th></tr></thead>
<tbody><% for (const letter of it.deadLetters) { %><tr>
<th scope="row"><span class="code"><%= letter.eventId %></span></th>
<td data-label="<%= it.t('admin-webhooks.name') %>"><%= letter.destination %></td>
<td data-label="<%= it.t('admin-webhooks.attempts') %>"><%= it.number(letter.attempts) %></td>
<td data-label="<%= it.t('admin-webhooks.error') %>"><%= letter.lastError ?? '–' %></td>
<td data-label="<%= it.t('admin-webhooks.given-up') %>"><%~ it.date(letter.deadAt) %></td></tr>
<% } %></tbody></table>
<% } %>
`;
