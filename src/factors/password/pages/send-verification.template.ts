export const SEND_VERIFICATION = `<h1><%= it.title %></h1>
<p><%= it.t('send-verification.lead') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/sign-in/verification') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<div class="field"><label for="email"><%= it.t(it.hasUsernames ? 'sign-in.email-or-username' : 'sign-in.email') %></label>
<input id="email" name="email" type="<%= it.hasUsernames ? 'text' : 'email' %>"<% if (it.hasUsernames) { %> autocapitalize="none" spellcheck="false"<% } %> autocomplete="username" required value="<%= it.email %>"<%~ it.invalid(it.problem, 'email') %>></div>
<button><%= it.t('send-verification.button') %></button>
</form>
<p><a href="<%= it.path('/sign-in') %>"><%= it.t('sign-up.sign-in') %></a></p>
`;
