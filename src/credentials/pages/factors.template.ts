export const ACCOUNT_FACTORS = `<h1><%= it.title %></h1>
<p><%= it.t('account-factors.about') %></p>
<ul class="list settings card">
<% for (const factor of it.factors) { %><li class="row spread"><div><strong><%= it.t(factor.name + '.name') %></strong> <% if (factor.enrolled.length > 0) { %><span class="badge is-good"><%= it.t('account-factors.on') %></span><% } else { %><span class="badge"><%= it.t('account-factors.off') %></span><% } %><br>
<span class="hint"><%= it.t(factor.name + '.about') %></span>
<% for (const one of factor.enrolled) { %><br><span class="hint"><% if (one.name) { %><bdi><%= one.name %></bdi>: <% } %><%= it.t('account-factors.since') %> <%~ it.date(one.enrolledAt) %><% if (one.lastUsedAt) { %>, <%= it.t('account-factors.used') %> <%~ it.date(one.lastUsedAt) %><% } %><% if (one.remaining !== null) { %>, <%= it.t('account-factors.left', { count: one.remaining }) %><% } %></span>
<% } %></div>
<a class="button second" href="<%= it.path(factor.path) %>"><%= it.t(factor.name + (factor.enrolled.length > 0 ? '.manage' : '.set-up')) %></a></li>
<% } %></ul>
`;
