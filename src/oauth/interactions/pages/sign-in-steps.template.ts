export interface ContinueValues {
  readonly client: string;
  /** Address that the browser goes to by itself at once. */
  readonly next: string;
}

export const CONTINUE_SAMPLE: ContinueValues = { client: 'Ledger', next: '/oauth/authorize/uid' };

/**
 * Between signing in and the client. A page rather than a redirect: browsers hold every redirect after a form against the policy of the page
 * that the form stood on, which knows no client.
 */
export const CONTINUE = `<h1><%= it.title %></h1>
<p><%= it.t('oauth-continue.leads') %> <strong><bdi><%= it.client %></bdi></strong></p>
<p><a class="button" id="continue" href="<%= it.next %>"><%= it.t('oauth-continue.go') %></a></p>
`;

export interface SwitchValues {
  readonly uid: string;
  readonly client: string;
  readonly who: string;
  /** `acting`: an admin acts as a user, which is no login. `other`: the client asks for another account. */
  readonly reason: 'acting' | 'other';
}

export const SWITCH_SAMPLE: SwitchValues = { uid: 'uid', client: 'Ledger', who: 'ada@example.com', reason: 'other' };

const FORM = `it.route('/oauth/interaction/' + it.uid`;

export const SWITCH = `<h1><%= it.title %></h1>
<p><%= it.t('oauth-switch.' + it.reason, { client: it.client, who: it.who }) %></p>
<form method="post" action="<%= ${FORM} + '/switch/form') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<button name="switch" id="switch" value="yes"><%= it.t('oauth-switch.go') %></button>
</form>
<form method="post" action="<%= ${FORM} + '/abort/form') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<button name="abort" id="abort" value="yes" class="second"><%= it.t('oauth-switch.back') %></button>
</form>
`;
