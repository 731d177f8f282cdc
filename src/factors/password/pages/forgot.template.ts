import { emailField } from './email-field.template.js';

export const FORGOT = `<h1><%= it.title %></h1>
<p><%= it.t('forgot.lead') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/forgot') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
${emailField}<button><%= it.t('forgot.button') %></button>
</form>
<p><a href="<%= it.path('/sign-in') %>"><%= it.t('sign-up.sign-in') %></a></p>
`;

export const FORGOT_SENT = `<h1><%= it.title %></h1>
<p><%= it.t('forgot-sent.lead') %></p>
<p><%= it.t('forgot-sent.nothing') %></p>
<p class="row"><a class="button second" href="<%= it.path('/sign-in') %>"><%= it.t('sign-up.sign-in') %></a>
<a href="<%= it.path('/forgot') %>"><%= it.t('forgot-sent.again') %></a></p>
`;
