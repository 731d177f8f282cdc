export const ENROL_TOTP = `<h1><%= it.title %></h1>
<%~ it.refusal(it.problem) %>
<% const returning = it.returnTo; %>
<% if (it.isPending) { %><% if (it.secret) { %><p><%= it.t('enrol-totp.scan') %></p>
<div class="qr" role="img" aria-label="<%= it.t('enrol-totp.qr') %>"><%~ it.secret.qrSvg %></div>
<details><summary><%= it.t('enrol-totp.type') %></summary><p class="code"><%= it.secret.text %></p></details>
<% } %><form method="post" action="<%= it.path('/sign-in/enrol/totp/code') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (returning !== null) { %><input type="hidden" name="return" value="<%= returning %>">
<% } %><div class="field"><label for="code"><%= it.t('enrol-totp.code') %></label>
<input id="code" name="code" class="code" autocomplete="one-time-code" inputmode="numeric" required<%~ it.invalid(it.problem, 'code') %>>
<span class="hint"><%= it.t('totp.hint') %></span></div>
<button><%= it.t('enrol-totp.confirm') %></button>
</form>
<% } else { %><p><%= it.t('enrol-totp.why') %></p>
<% } %><form method="post" action="<%= it.path('/sign-in/enrol/totp') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (returning !== null) { %><input type="hidden" name="return" value="<%= returning %>">
<% } %><button<% if (it.isPending) { %> class="second"<% } %>><%= it.t(it.isPending ? 'enrol-totp.anew' : 'enrol-totp.begin') %></button>
</form>
`;

/** After a second factor was set up: the recovery codes, this once. */
export const ENROL_DONE = `<h1><%= it.title %></h1>
<p><%= it.t('enrol-done.text') %></p>
<ul class="list codes">
<% for (const code of it.recoveryCodes) { %><li class="code"><%= code %></li>
<% } %></ul>
<p><a class="button" href="<%= it.returnTo ?? it.path('/account') %>"><%= it.t('enrol-done.continue') %></a></p>
`;
