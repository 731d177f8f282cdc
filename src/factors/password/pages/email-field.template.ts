/** The field for an e-mail address, in eta. The page has the values `email` and `wrongEmail`, `{ rule, limit }` or null. */
export const emailField = `<div class="field"><label for="email"><%= it.t('email.label') %></label>
<input id="email" name="email" type="email" autocomplete="email" required value="<%= it.email %>"<% if (it.wrongEmail) { %> autofocus aria-invalid="true" aria-describedby="email-wrong"<% } %>>
<% if (it.wrongEmail) { %><span class="wrong" id="email-wrong"><%= it.t('rule.' + it.wrongEmail.rule, { limit: it.wrongEmail.limit }) %></span><% } %></div>
`;
