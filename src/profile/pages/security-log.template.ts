export const ACCOUNT_LOG = `<h1><%= it.title %></h1>
<p><%= it.t('account-log.about') %></p>
<nav aria-label="<%= it.t('account-log.kinds') %>"><ul class="tabs">
<li><a href="<%= it.path('/account/log') %>"<% if (it.kind === null) { %> aria-current="page"<% } %>><%= it.t('account-log.kind.all') %></a></li>
<% for (const kind of it.kinds) { %><li><a href="<%= it.path('/account/log?kind=' + kind) %>"<% if (it.kind === kind) { %> aria-current="page"<% } %>><%= it.t('account-log.kind.' + kind) %></a></li>
<% } %></ul></nav>
<% if (it.entries.length === 0) { %><p class="note"><%= it.t(it.next === null ? 'account-log.empty' : 'account-log.empty-here') %></p>
<% } else { %><table class="table"><thead><tr><th scope="col"><%= it.t('account-log.what') %></th><th scope="col"><%= it.t('account-log.when') %></th><th scope="col"><%= it.t('account-log.where') %></th></tr></thead><tbody>
<% for (const entry of it.entries) { %><tr>
<td data-label="<%= it.t('account-log.what') %>"><span><% if (entry.key) { %><%= it.t(entry.key) %><% } else { %><span class="code"><%= entry.type %></span><% } %><% if (entry.factorKey) { %>: <%= it.t(entry.factorKey) %><% } %><% if (entry.left !== null) { %> (<%= it.t('account-log.left', { count: entry.left }) %>)<% } %><% if (entry.byAdmin) { %> <span class="badge"><%= it.t('account-log.by-admin') %></span><% } %></span></td>
<td data-label="<%= it.t('account-log.when') %>"><span><%~ it.date(entry.at) %></span></td>
<td data-label="<%= it.t('account-log.where') %>"><span><% if (entry.device) { %><%= entry.device %><br><% } %><% if (entry.ip) { %><span class="code"><%= entry.ip %></span><% } %><% if (!entry.device && !entry.ip) { %><span class="hint"><%= it.t('account-log.nowhere') %></span><% } %></span></td>
</tr>
<% } %></tbody></table>
<% } %><p class="pager"><% if (!it.isFirst) { %><a class="button second" href="<%= it.path('/account/log' + (it.kind ? '?kind=' + it.kind : '')) %>"><%= it.t('account-log.newest') %></a>
<% } %><% if (it.next !== null) { %><a class="button second" href="<%= it.path('/account/log?' + (it.kind ? 'kind=' + it.kind + '&' : '') + 'cursor=' + it.next) %>"><%= it.t('account-log.older') %></a>
<% } %></p>
<p><a href="<%= it.path('/account/log/download') %>" download><%= it.t('account-log.download') %></a></p>
`;
