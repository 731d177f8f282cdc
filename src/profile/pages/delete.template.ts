export const ACCOUNT_DELETE = `<p><a href="<%= it.path('/account') %>"><%= it.t('account.back') %></a></p>
<h1><%= it.title %></h1>
<p><%= it.t('account-delete.about', { email: it.user.email }) %></p>
<% if (it.ends.length > 0) { %><p><%= it.t('account-delete.ends') %></p>
<ul><% for (const { key, count } of it.ends) { %><li><%= it.t(key, { count }) %></li>
<% } %></ul>
<% } %><p><%= it.t('account-delete.log') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/account/delete') %>" class="narrow">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.hasPassword) { %><div class="field"><label for="password"><%= it.t('account-delete.password') %></label>
<input id="password" name="password" type="password" autocomplete="current-password"<%~ it.invalid(it.problem, 'password') || ' aria-describedby="password-hint"' %>>
<span class="hint" id="password-hint"><%= it.t('account-delete.hint') %></span></div>
<% } %><p class="row"><button class="danger"><%= it.t('account-delete.submit') %></button> <a class="button second" href="<%= it.path('/account') %>"><%= it.t('account.cancel') %></a></p>
</form>
`;
