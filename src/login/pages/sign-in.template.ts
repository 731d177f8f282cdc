import { OFFERED } from '../../credentials/pages/proof-places.template.js';

export const SIGN_IN = `<h1><%= it.title %></h1>
<%~ it.refusal(it.problem) %>
<% if (it.problem?.code === 'email_unverified' && it.canSendVerification) { %><form method="post" action="<%= it.path('/sign-in/verification') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<input type="hidden" name="email" value="<%= it.email %>">
<% if (it.returnTo !== null) { %><input type="hidden" name="return" value="<%= it.returnTo %>">
<% } %><button class="second"><%= it.t('sign-in.send-verification') %></button>
</form>
<% } %><form method="post" action="<%= it.path('/sign-in') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.returnTo !== null) { %><input type="hidden" name="return" value="<%= it.returnTo %>">
<% } %><div class="field"><label for="email"><%= it.t(it.hasUsernames ? 'sign-in.email-or-username' : 'sign-in.email') %></label>
<input id="email" name="email" type="<%= it.hasUsernames ? 'text' : 'email' %>"<% if (it.hasUsernames) { %> autocapitalize="none" spellcheck="false"<% } %> value="<%= it.email %>" autocomplete="username webauthn" required<%~ it.invalid(it.problem, 'email') || (it.email === '' ? ' autofocus' : '') %>></div>
<div class="field"><label for="password"><%= it.t('sign-in.password') %></label>
<input id="password" name="password" type="password" autocomplete="current-password" required<%~ it.invalid(it.problem, 'password') || (it.email !== '' ? ' autofocus' : '') %>>
<% if (it.canReset) { %><a class="hint" href="<%= it.path('/forgot') %>"><%= it.t('sign-in.forgot') %></a>
<% } %></div>
<button><%= it.t('sign-in.submit') %></button>
</form>
<% for (const factor of it.others) { %><form method="post" action="<%= it.path('/sign-in/' + factor) %>" data-factor="<%= factor %>" data-options="<%= it.route('/auth/login/' + factor + '/options') %>" data-autofill hidden>
<p class="or"><%= it.t('sign-in.or') %></p>
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.returnTo !== null) { %><input type="hidden" name="return" value="<%= it.returnTo %>">
<% } %><input type="hidden" name="credential" value="">
<button class="second"><%= it.t(factor + '.sign-in') %></button>
<p class="wrong" role="alert" hidden><%= it.t(factor + '.failed') %></p>
</form>
<% } %>${OFFERED}<% if (it.canSignUp) { %><p class="hint"><%= it.t('sign-in.new') %> <a href="<%= it.path('/sign-up') %>"><%= it.t('sign-in.sign-up') %></a></p>
<% } %>`;
