import type { Refused } from '../../pages/page-view.js';
import type { HeldCount } from '../../security/held-counts.js';
import { HEAD_SAMPLE, type HeadValues, USER_HEAD } from '../../users/user-tabs.js';
import type { UserAct } from './user-acts.js';

export interface UserActValues extends HeadValues {
  readonly act: UserAct;
  readonly ends: readonly HeldCount[];
  readonly nameToType: string;
  readonly form: { readonly roles: string; readonly reason: string; readonly until: string };
  readonly problem: Refused | null;
}

export const USER_ACT_SAMPLE: UserActValues = {
  ...HEAD_SAMPLE,
  act: 'delete',
  ends: [
    { name: 'sessions', count: 14, isCut: false },
    { name: 'api_keys', count: 1, isCut: false },
  ],
  nameToType: 'ada@example.com',
  form: { roles: 'editor', reason: '', until: '' },
  problem: null,
};

/** Shows in numbers what will end: the value `ends`. */
export const ENDS = `<% if (it.ends.some(({ count }) => count > 0)) { %><p><%= it.t('held.ends') %></p>
<ul><% for (const end of it.ends.filter(({ count }) => count > 0)) { %><li><strong><%= it.t('held.' + end.name, { count: end.count }) %></strong><% if (end.isCut) { %> <%= it.t('held.or-more') %><% } %></li>
<% } %></ul>
<% } else if (it.ends.length > 0) { %><p><%= it.t('held.none') %></p>
<% } %>`;

const PATH = `it.path('/admin/ui/users/' + it.head.id`;

export const USER_ACT = `${USER_HEAD}
<h2><%= it.t('admin-user-act.' + it.act + '.title') %></h2>
<p><%= it.t('admin-user-act.' + it.act + '.what') %></p>
${ENDS}
<% if (it.problem) { %><%~ it.refusal(it.problem) %><% } %>
<form method="post" action="<%= ${PATH} + '/' + it.act) %>" class="narrow"><input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.act === 'ban' || it.act === 'act-as') { %><div class="field"><label for="reason"><%= it.t('admin-user-act.reason') %></label><input id="reason" name="reason" maxlength="500" value="<%= it.form.reason %>" autocomplete="off" aria-describedby="reason-hint"><span class="hint" id="reason-hint"><%= it.t('admin-user-act.' + it.act + '.reason') %></span></div>
<% } %><% if (it.act === 'ban') { %><div class="field"><label for="until"><%= it.t('admin-user-act.until') %></label><input id="until" name="until" type="datetime-local" value="<%= it.form.until %>" aria-describedby="until-hint"><span class="hint" id="until-hint"><%= it.t('admin-user-act.until-hint') %></span></div>
<% } %><% if (it.act === 'roles') { %><div class="field"><label for="roles"><%= it.t('admin-user-roles.roles') %></label><input id="roles" name="roles" value="<%= it.form.roles %>" autocomplete="off" spellcheck="false" aria-describedby="roles-hint"><span class="hint" id="roles-hint"><%= it.t('admin-user-roles.hint') %></span></div>
<% } %><% if (it.act === 'delete') { %><div class="field"><label for="typed"><%= it.t('admin-user-act.type', { name: it.nameToType }) %></label><input id="typed" name="typed" required maxlength="254" autocomplete="off" autocapitalize="none" spellcheck="false"></div>
<% } %><p class="row"><button<% if (it.act !== 'roles' && it.act !== 'act-as') { %> class="danger"<% } %>><%= it.t('admin-user-act.' + it.act + '.button') %></button><a class="button second" href="<%= ${PATH}) %>"><%= it.t('admin.cancel') %></a></p>
</form>
`;
