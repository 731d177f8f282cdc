export const SIGNED_OUT = `<h1><%= it.title %></h1>
<p><%= it.t('signed-out.text') %></p>
<p><a class="button" href="<%= it.path('/sign-in') %>"><%= it.t('signed-out.again') %></a></p>
`;
