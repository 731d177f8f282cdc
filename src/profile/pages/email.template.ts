export const ACCOUNT_EMAIL = `<p><a href="<%= it.path('/account') %>"><%= it.t('account.back') %></a></p>
<h1><%= it.title %></h1>
<p><%= it.t('account-email.about') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/account/email') %>" class="narrow">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<div class="field"><label for="email"><%= it.t('account-email.email') %></label>
<input id="email" name="email" type="email" value="<%= it.email %>" autocomplete="email" required<%~ it.invalid(it.problem, 'email') %>></div>
<% if (it.hasPassword) { %><div class="field"><label for="password"><%= it.t('account-email.password') %></label>
<input id="password" name="password" type="password" autocomplete="current-password" required<%~ it.invalid(it.problem, 'password') %>></div>
<% } %><p class="row"><button><%= it.t('account-email.submit') %></button></p>
</form>
`;
