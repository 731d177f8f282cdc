export const ACCOUNT_USERNAME = `<h1><%= it.title %></h1>
<p><%= it.t('account-username.about') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/account/username') %>" class="narrow">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<div class="field"><label for="username"><%= it.t('account-username.name') %></label>
<input id="username" name="username" value="<%= it.username %>" minlength="3" maxlength="32" autocomplete="username" autocapitalize="none" spellcheck="false" required<%~ it.invalid(it.problem, 'username') %>>
<span class="hint"><%= it.t('account-username.rules') %></span></div>
<p class="row"><button><%= it.t('account-username.submit') %></button></p>
</form>
<% if (it.isChosen) { %><form method="post" action="<%= it.path('/account/username/remove') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<p class="row"><button class="second"><%= it.t('account-username.remove') %></button></p>
</form>
<% } %>`;
