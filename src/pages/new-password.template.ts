/**
 * The field for a new password, in eta. The page has the values `wrong`, `{ rule, limit }` or null, and `hintPath`, where a module asks
 * whether what is being typed will do, or null.
 *
 * @param isFirst whether it is the first field, which then has the focus
 */
export function newPasswordField({ isFirst }: { readonly isFirst: boolean }): string {
  const focus = isFirst ? ' autofocus' : '<% if (it.wrong) { %> autofocus<% } %>';
  return `<div class="field"><label for="password"><%= it.t('new-password.label') %></label>
<input id="password" name="password" type="password" autocomplete="new-password" required${focus} aria-describedby="<% if (it.wrong) { %>password-wrong <% } %>password-hint"<% if (it.wrong) { %> aria-invalid="true"<% } %><% if (it.hintPath) { %> data-hint="<%= it.hintPath %>"<% } %>>
<% if (it.wrong) { %><span class="wrong" id="password-wrong"><%= it.t('rule.' + it.wrong.rule, { limit: it.wrong.limit }) %></span>
<% } %><span class="hint" id="password-hint" aria-live="polite"><%= it.t('new-password.hint') %></span></div>
`;
}
