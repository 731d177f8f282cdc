export const PROBLEM = `<h1><%= it.title %></h1>
<%~ it.refusal(it.problem) %>
<p class="row"><% if (it.back) { %><a class="button" href="<%= it.back %>"><%= it.t('problem.back') %></a>
<% } %><% if (it.hasPages) { %><a class="button second" href="<%= it.path(it.user ? '/account' : '/sign-in') %>"><%= it.t(it.user ? 'problem.account' : 'problem.sign-in') %></a><% } %></p>
<p class="hint"><%= it.t('problem.request') %> <span class="code"><%= it.requestId %></span></p>
`;
