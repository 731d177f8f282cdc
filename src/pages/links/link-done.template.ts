export const LINK_DONE = `<h1><%= it.title %></h1>
<p><%= it.t('link-done.lead') %></p>
<% if (it.hasPages) { %><a class="button second" href="<%= it.path('/sign-in') %>"><%= it.t('link-done.sign-in') %></a>
<% } %>`;
