export interface OAuthLogoutValues {
  readonly action: string;
  readonly xsrf: string;
  /** Name of the client that asks; null: it does not say which it is. */
  readonly client: string | null;
  readonly who: string | null;
}

export const OAUTH_LOGOUT_SAMPLE: OAuthLogoutValues = {
  action: '/oauth/logout/confirm',
  xsrf: '3f6c1d52',
  client: 'Ledger',
  who: 'ada@example.com',
};

/** Button `logout` with the value `yes`; the other one has no name. */
export const OAUTH_LOGOUT = `<h1><%= it.title %></h1>
<p><% if (it.client !== null) { %><%= it.t('oauth-logout.left', { client: it.client }) %> <% } %><%= it.t('oauth-logout.what') %></p>
<% if (it.who !== null) { %><p class="hint"><%= it.t('oauth-logout.as', { who: it.who }) %></p>
<% } %><form method="post" action="<%= it.action %>" id="logout-form">
<input type="hidden" name="xsrf" value="<%= it.xsrf %>">
<button name="logout" id="logout" value="yes"><%= it.t('oauth-logout.submit') %></button>
<button id="stay" class="second"><%= it.t('oauth-logout.stay') %></button>
</form>
`;

export interface OAuthSignedOutValues {
  /** False: the user chose to stay signed in here. */
  readonly isSignedOut: boolean;
  readonly client: string | null;
}

export const OAUTH_SIGNED_OUT_SAMPLE: OAuthSignedOutValues = { isSignedOut: true, client: null };

export const OAUTH_SIGNED_OUT = `<h1><%= it.t(it.isSignedOut ? 'oauth-signed-out.title' : 'oauth-signed-out.stayed-title') %></h1>
<p><%= it.t(it.isSignedOut ? 'oauth-signed-out.text' : 'oauth-signed-out.stayed') %></p>
<% if (it.hasPages) { %><p><a class="button second" href="<%= it.path(it.isSignedOut ? '/sign-in' : '/account') %>"><%= it.t(it.isSignedOut ? 'oauth-signed-out.again' : 'oauth-signed-out.account') %></a></p>
<% } %>`;
