export const FACTOR_RECOVERY_CODE = `<p><a href="<%= it.path('/account/factors') %>"><%= it.t('account-factors.back') %></a></p>
<h1><%= it.title %></h1>
<p><%= it.t('factor-recovery-code.about') %></p>
<% if (it.enrolled) { %><p><%= it.t('factor-recovery-code.remaining', { count: it.enrolled.remaining }) %></p>
<% } %><%~ it.refusal(it.problem) %>
<p><%= it.t('factor-recovery-code.renew.about') %></p>
<form method="post" action="<%= it.path('/account/factors/recovery-code') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<p class="row"><button><%= it.t('factor-recovery-code.renew') %></button> <a class="button second" href="<%= it.path('/account/factors') %>"><%= it.t('account.cancel') %></a></p>
</form>
`;

export const RECOVERY_CODES = `<h1><%= it.title %></h1>
<p class="note"><%= it.t('recovery-codes.once') %></p>
<p class="print-only"><%= it.site %>, <%= it.user.email %></p>
<ul class="codes">
<% for (const code of it.codes) { %><li class="code"><%= code %></li>
<% } %></ul>
<p><%= it.t('recovery-codes.about') %></p>
<p class="row"><a class="button" href="<%= it.path('/account/factors') %>"><%= it.t('recovery-codes.kept') %></a></p>
`;
