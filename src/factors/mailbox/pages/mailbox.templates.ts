import type { Refused } from '../../../pages/page-view.js';

const PROBLEM: Refused = { code: 'invalid_credentials', status: 401, fields: [], retryAfterSeconds: null };

export const SIGN_IN_SAMPLE = {
  email: 'ada@example.com',
  returnTo: '/account' as string | null,
  problem: {
    code: 'validation_failed',
    status: 400,
    fields: [{ field: 'email', rule: 'isEmailAddress', limit: 0 }],
    retryAfterSeconds: null,
  } as Refused | null,
};

/** Where to send the mail. */
export const MAILBOX_SIGN_IN = `<h1><%= it.title %></h1>
<p><%= it.t('mailbox-sign-in.about') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/sign-in/mailbox') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.returnTo !== null) { %><input type="hidden" name="return" value="<%= it.returnTo %>">
<% } %><div class="field"><label for="email"><%= it.t('sign-in.email') %></label>
<input id="email" name="email" type="email" value="<%= it.email %>" autocomplete="email" required<%~ it.invalid(it.problem, 'email') || ' autofocus' %>></div>
<button><%= it.t('mailbox-sign-in.submit') %></button>
</form>
<p class="hint"><a href="<%= it.path('/sign-in') %><% if (it.returnTo !== null) { %>?return=<%= encodeURIComponent(it.returnTo) %><% } %>"><%= it.t('mailbox.otherwise') %></a></p>
`;

export const SENT_SAMPLE = {
  email: 'ada@example.com',
  again: '/sign-in/mailbox',
  minutes: 10,
  hasCode: true,
  hasLink: true,
  problem: PROBLEM as Refused | null,
};

/** The mail is under way, if one is. */
export const MAILBOX_SENT = `<h1><%= it.title %></h1>
<p><%= it.t('mailbox-sent.about', { email: it.email, count: it.minutes }) %></p>
<%~ it.refusal(it.problem) %>
<% if (it.hasLink) { %><p><%= it.t('mailbox-sent.link') %></p>
<% } %><% if (it.hasCode) { %><form method="post" action="<%= it.path('/sign-in/mailbox/sent') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<div class="field"><label for="code"><%= it.t('mailbox-sent.code') %></label>
<input id="code" name="code" class="code" autocomplete="one-time-code" inputmode="numeric" autocapitalize="off" spellcheck="false" required<%~ it.invalid(it.problem, 'code') || ' autofocus' %>></div>
<button><%= it.t('sign-in.submit') %></button>
</form>
<% } %><p class="hint"><%= it.t('mailbox-sent.nothing') %> <a href="<%= it.path(it.again) %>"><%= it.t('mailbox-sent.again') %></a></p>
`;

export const LINK_SAMPLE = {
  token: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ' as string | null,
  address: null as string | null,
  email: 'ada@example.com',
  action: 'mailbox/form',
  problem: PROBLEM as Refused | null,
};

/** What the link opens. */
export const MAILBOX_LINK = `<h1><%= it.title %></h1>
<% if (it.token === null) { %><p class="problem" role="alert"><%= it.t('link.incomplete') %></p>
<% } else { %><%~ it.refusal(it.problem) %>
<p><%= it.address === null ? it.t('mailbox-link.elsewhere') : it.t('mailbox-link.about', { email: it.address }) %></p>
<form method="post" action="<%= it.action %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<input type="hidden" name="token" value="<%= it.token %>">
<% if (it.address === null) { %><div class="field"><label for="email"><%= it.t('sign-in.email') %></label>
<input id="email" name="email" type="email" value="<%= it.email %>" autocomplete="email" required<%~ it.invalid(it.problem, 'email') || ' autofocus' %>></div>
<% } %><button><%= it.t('sign-in.submit') %></button>
</form>
<% } %><% if (it.hasPages) { %><p class="hint"><a href="<%= it.path('/sign-in/mailbox') %>"><%= it.t('mailbox-sent.again') %></a></p>
<% } %>`;
