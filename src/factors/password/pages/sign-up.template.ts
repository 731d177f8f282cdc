import { OFFERED } from '../../../credentials/pages/proof-places.template.js';
import { newPasswordField } from '../../../pages/new-password.template.js';
import { emailField } from './email-field.template.js';

export const SIGN_UP = `<h1><%= it.title %></h1>
<%~ it.refusal(it.problem, Object.fromEntries(it.fields.map(({ name, label }) => [name, label]))) %>
<form method="post" action="<%= it.path('/sign-up') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
${emailField}<div class="field"><label for="name"><%= it.t('sign-up.name') %></label>
<input id="name" name="name" autocomplete="name" value="<%= it.name %>"<%~ it.invalid(it.problem, 'name') %>></div>
<% for (const field of it.fields) { %><% if (field.type === 'checkbox') { %><div class="check"><input id="field-<%= field.name %>" name="<%= field.name %>" type="checkbox"<% if (field.value === 'on') { %> checked<% } %>><label for="field-<%= field.name %>"><%= field.labelKey ? it.t(field.labelKey) : field.label %></label></div>
<% } else { %><div class="field"><label for="field-<%= field.name %>"><%= field.labelKey ? it.t(field.labelKey) : field.label %></label>
<% if (field.type === 'choice') { %><select id="field-<%= field.name %>" name="<%= field.name %>"<%~ it.invalid(it.problem, field.name) %>>
<% if (!field.isRequired) { %><option value=""></option>
<% } %><% for (const choice of field.choices) { %><option<% if (choice === field.value) { %> selected<% } %>><%= choice %></option>
<% } %></select>
<% } else { %><input id="field-<%= field.name %>" name="<%= field.name %>" value="<%= field.value %>"<% if (field.type === 'number') { %> inputmode="decimal"<% } %><% if (field.isRequired) { %> required<% } %><%~ it.invalid(it.problem, field.name) %>>
<% } %></div>
<% } %><% } %>${newPasswordField({ isFirst: false })}<button><%= it.t('sign-up.button') %></button>
</form>
${OFFERED}<p><%= it.t('sign-up.known') %> <a href="<%= it.path('/sign-in') %>"><%= it.t('sign-up.sign-in') %></a></p>
`;

export const SIGN_UP_CLOSED = `<h1><%= it.title %></h1>
<p><%= it.t('sign-up-closed.lead') %></p>
<a class="button second" href="<%= it.path('/sign-in') %>"><%= it.t('sign-up.sign-in') %></a>
`;

export const SIGN_UP_SENT = `<h1><%= it.title %></h1>
<p><%= it.t('sign-up-sent.lead') %></p>
<h2><%= it.t('sign-up-sent.nothing') %></h2>
<p><%= it.t('sign-up-sent.spam') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/sign-up/sent') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
${emailField}<button class="second"><%= it.t('sign-up-sent.button') %></button>
</form>
<p><a href="<%= it.path('/sign-in') %>"><%= it.t('sign-up.sign-in') %></a></p>
`;
