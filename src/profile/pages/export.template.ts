export const ACCOUNT_EXPORT = `<p><a href="<%= it.path('/account') %>"><%= it.t('account.back') %></a></p>
<h1><%= it.title %></h1>
<p><%= it.t('account-export.about') %></p>
<p><%= it.t('account-export.secrets') %></p>
<form method="post" action="<%= it.path('/account/export') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<p class="row"><button><%= it.t('account-export.submit') %></button></p>
</form>
`;
