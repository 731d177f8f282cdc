import type { Refused } from '../../../pages/page-view.js';

export interface ByAddressValues {
  readonly email: string;
  readonly returnTo: string | null;
  readonly problem: Refused | null;
}

export const BY_ADDRESS_SAMPLE: ByAddressValues = {
  email: 'ada@example.com',
  returnTo: '/account',
  problem: {
    code: 'validation_failed',
    status: 400,
    fields: [{ field: 'email', rule: 'isOfConnection', limit: 0 }],
    retryAfterSeconds: null,
  },
};

/** The address of a user whose company signs them in. */
export const BY_ADDRESS = `<h1><%= it.title %></h1>
<p><%= it.t('federated-sign-in.about') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/sign-in/federated') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.returnTo !== null) { %><input type="hidden" name="return" value="<%= it.returnTo %>">
<% } %><div class="field"><label for="email"><%= it.t('sign-in.email') %></label>
<input id="email" name="email" type="email" value="<%= it.email %>" autocomplete="email" required<%~ it.invalid(it.problem, 'email') || ' autofocus' %>></div>
<button><%= it.t('federated-sign-in.submit') %></button>
</form>
<p class="hint"><a href="<%= it.path('/sign-in') %><% if (it.returnTo !== null) { %>?return=<%= encodeURIComponent(it.returnTo) %><% } %>"><%= it.t('federated-sign-in.otherwise') %></a></p>
`;

export interface LeavingValues {
  readonly provider: string;
  readonly address: string;
}

export const LEAVING_SAMPLE: LeavingValues = { provider: 'Google', address: 'https://accounts.example.com/authorize' };

/** Shown for a moment: the browser goes on by itself. */
export const LEAVING = `<h1><%= it.title %></h1>
<p><%= it.t('federated-leaving.about', { provider: it.provider }) %></p>
<a class="button" href="<%= it.address %>" rel="noreferrer"><%= it.t('federated-leaving.go', { provider: it.provider }) %></a>
`;
