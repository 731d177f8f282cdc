/** Shown only when a passkey was refused: the form that uses one stands on the sign-in page. */
export const PASSKEY_SIGN_IN = `<h1><%= it.title %></h1>
<%~ it.refusal(it.problem) %>
<% if (it.problem?.code === 'email_unverified') { %><p><a href="<%= it.path('/sign-in/verification') %>"><%= it.t('sign-in.send-verification') %></a></p>
<% } %><p><a class="button" href="<%= it.path('/sign-in') %><% if (it.returnTo !== null) { %>?return=<%= encodeURIComponent(it.returnTo) %><% } %>"><%= it.t('passkey-sign-in.back') %></a></p>
`;

export const ENROL_PASSKEY = `<h1><%= it.title %></h1>
<p><%= it.t('enrol-passkey.why') %></p>
<%~ it.refusal(it.problem) %>
<noscript><p class="note"><%= it.t('factor.needs-scripts') %></p></noscript>
<form method="post" action="<%= it.path('/sign-in/enrol/passkey') %>" data-factor="passkey" data-create data-options="<%= it.route('/auth/factors/passkeys/options') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.returnTo !== null) { %><input type="hidden" name="return" value="<%= it.returnTo %>">
<% } %><input type="hidden" name="credential" value="">
<button><%= it.t('passkey.enrol') %></button>
<p class="wrong" role="alert" hidden><%= it.t('enrol-passkey.failed') %></p>
</form>
<p class="hint"><a href="<%= it.path('/sign-in/enrol') %><% if (it.returnTo !== null) { %>?return=<%= encodeURIComponent(it.returnTo) %><% } %>"><%= it.t('enrol-passkey.other') %></a></p>
`;
