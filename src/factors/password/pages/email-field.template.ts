/** The field for an e-mail address, in eta. The page has the values `email` and `problem`. */
export const emailField = `<div class="field"><label for="email"><%= it.t('email.label') %></label>
<input id="email" name="email" type="email" autocomplete="email" required value="<%= it.email %>"<%~ it.invalid(it.problem, 'email') %>></div>
`;
