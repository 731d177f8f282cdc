import type { HeldCount } from '../../security/held-counts.js';
import { ENDS } from './user-acts.template.js';

export interface EndEverythingValues {
  readonly ends: readonly HeldCount[];
  /** Has to be typed. */
  readonly email: string;
  /** Whether something else was typed. */
  readonly isWrong: boolean;
}

export const END_EVERYTHING_SAMPLE: EndEverythingValues = {
  ends: [{ name: 'sessions', count: 50_000, isCut: true }],
  email: 'ada@example.com',
  isWrong: true,
};

export const END_EVERYTHING = `
<h1><%= it.title %></h1>
<p><%= it.t('admin-end-everything.what') %></p>
${ENDS}
<form method="post" action="<%= it.path('/admin/ui/end-everything') %>" class="narrow"><input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.isWrong) { %><p class="problem" role="alert"><%= it.t('admin-user-act.rule.isSame') %></p><% } %>
<div class="field"><label for="typed"><%= it.t('admin-end-everything.type', { email: it.email }) %></label><input id="typed" name="typed" required maxlength="254" autocomplete="off" autocapitalize="none" spellcheck="false"></div>
<p class="row"><button class="danger"><%= it.t('admin-end-everything.button') %></button><a class="button second" href="<%= it.path('/admin/ui/configuration') %>"><%= it.t('admin.cancel') %></a></p>
</form>
`;
