export const ENROL = `<h1><%= it.title %></h1>
<p><%= it.t('enrol.why') %></p>
<% if (it.choices.length === 0) { %><p class="note"><%= it.t('enrol.none') %></p>
<% } %><% for (const choice of it.choices) { %><a class="button<%= choice.name === it.choices[0].name ? '' : ' second' %>" href="<%= it.path(choice.path) %>"><%= it.t(choice.name + '.enrol') %></a>
<% } %>`;
