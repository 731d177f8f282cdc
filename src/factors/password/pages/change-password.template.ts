export const ACCOUNT_PASSWORD = `<p><a href="<%= it.path('/account') %>"><%= it.t('account.back') %></a></p>
<h1><%= it.title %></h1>
<% if (!it.hasPassword) { %><p><%= it.t('account-password.none') %></p>
<p class="row"><a class="button" href="<%= it.path('/forgot') %>"><%= it.t('account-password.request') %></a></p>
<% } else { %><p><%= it.t('account-password.about') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/account/password') %>" class="narrow">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<input type="text" name="_user" value="<%= it.user.email %>" autocomplete="username" hidden disabled>
<div class="field"><label for="currentPassword"><%= it.t('account-password.currentPassword') %></label>
<input id="currentPassword" name="currentPassword" type="password" autocomplete="current-password" required<%~ it.invalid(it.problem, 'currentPassword') %>></div>
<div class="field"><label for="newPassword"><%= it.t('account-password.newPassword') %></label>
<input id="newPassword" name="newPassword" type="password" autocomplete="new-password" required<%~ it.invalid(it.problem, 'newPassword') %>>
<span class="hint"><%= it.t('account-password.hint') %></span></div>
<p class="row"><button><%= it.t('account-password.submit') %></button></p>
</form>
<% } %>`;
