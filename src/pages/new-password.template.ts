/**
 * The field for a new password, in eta. The page has the values `problem`, and `hintPath`, where a module asks whether what is being typed
 * will do, or null.
 *
 * @param isFirst whether it is the first field, which then has the focus
 */
export function newPasswordField({ isFirst }: { readonly isFirst: boolean }): string {
  return `<div class="field"><label for="password"><%= it.t('new-password.label') %></label>
<input id="password" name="password" type="password" autocomplete="new-password" required<%~ it.invalid(it.problem, 'password') || '${isFirst ? ' autofocus' : ''} aria-describedby="password-hint"' %><% if (it.hintPath) { %> data-hint="<%= it.hintPath %>"<% } %>>
<span class="hint" id="password-hint" aria-live="polite"><%= it.t('new-password.hint') %></span></div>
`;
}
