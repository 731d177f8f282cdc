import type { UserKind } from '../../kernel/auth-context.js';
import type { Refused } from '../../pages/page-view.js';
import type { UserStatus } from '../../users/user-directory.js';
import type { AdminUserReply } from '../admin.replies.js';

export interface UsersValues {
  readonly search: string;
  readonly status: UserStatus | '';
  readonly kind: UserKind | '';
  readonly statuses: readonly UserStatus[];
  readonly kinds: readonly UserKind[];
  readonly users: readonly Pick<AdminUserReply, 'id' | 'email' | 'name' | 'kind' | 'status' | 'roles' | 'createdAt'>[];
  readonly isFirst: boolean;
  readonly isFiltered: boolean;
  /** Query of the first page; empty without a filter. */
  readonly first: string;
  /** Query of the next page; null: this is the last. */
  readonly next: string | null;
}

export const USERS_SAMPLE: UsersValues = {
  search: 'ada',
  status: 'active',
  kind: '',
  statuses: ['active', 'banned', 'unverified', 'locked'],
  kinds: ['person', 'service'],
  users: [
    {
      id: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
      email: 'ada@example.com',
      name: 'Ada Lovelace',
      kind: 'person',
      status: 'active',
      roles: ['admin'],
      createdAt: new Date('2026-11-21T09:00:00Z'),
    },
  ],
  isFirst: false,
  isFiltered: true,
  first: '?search=ada&status=active',
  next: '?search=ada&status=active&cursor=x',
};

export const USERS = `
<div class="row spread"><h1><%= it.title %></h1>
<p class="row"><a class="button second" href="<%= it.path('/admin/ui/invitations') %>"><%= it.t('admin-users.invitations') %></a>
<a class="button second" href="<%= it.path('/admin/ui/users/new') %>"><%= it.t('admin-users.new') %></a></p></div>
<form class="filters" method="get" action="<%= it.path('/admin/ui/users') %>" role="search" data-swap>
<div class="field"><label for="search"><%= it.t('admin-users.search') %></label><input id="search" name="search" type="search" maxlength="254" value="<%= it.search %>"></div>
<div class="field"><label for="status"><%= it.t('admin-users.status') %></label><select id="status" name="status"><option value=""><%= it.t('admin-users.any') %></option>
<% for (const status of it.statuses) { %><option value="<%= status %>"<% if (status === it.status) { %> selected<% } %>><%= it.t('admin-users.status.' + status) %></option>
<% } %></select></div>
<div class="field"><label for="kind"><%= it.t('admin-users.kind') %></label><select id="kind" name="kind"><option value=""><%= it.t('admin-users.any') %></option>
<% for (const kind of it.kinds) { %><option value="<%= kind %>"<% if (kind === it.kind) { %> selected<% } %>><%= it.t('admin-users.kind.' + kind) %></option>
<% } %></select></div>
<button><%= it.t('admin-users.find') %></button>
<% if (it.isFiltered) { %><a class="button second" href="<%= it.path('/admin/ui/users') %>" data-swap><%= it.t('admin-users.reset') %></a>
<% } %></form>
<% if (it.users.length === 0) { %><p><%= it.t(it.next !== null ? 'admin-users.none-yet' : it.isFiltered || !it.isFirst ? 'admin-users.none-found' : 'admin-users.none') %></p>
<% } else { %><table class="table"><caption><%= it.t('admin-users.order') %></caption>
<thead><tr><th scope="col"><%= it.t('admin-users.user') %></th><th scope="col"><%= it.t('admin-users.status') %></th><th scope="col"><%= it.t('admin-users.roles') %></th><th scope="col"><%= it.t('admin-users.created') %></th></tr></thead>
<tbody><% for (const user of it.users) { %><tr>
<th scope="row"><a href="<%= it.path('/admin/ui/users/' + user.id) %>"><%= user.email ?? user.name ?? user.id %></a><% if (user.email !== null && user.name) { %> <span class="hint"><%= user.name %></span><% } %></th>
<td data-label="<%= it.t('admin-users.status') %>"><span class="badge<%= user.status === 'active' ? ' is-good' : user.status === 'unverified' ? '' : ' is-bad' %>"><%= it.t('admin-users.status.' + user.status) %></span><% if (user.kind === 'service') { %> <span class="badge"><%= it.t('admin-users.kind.service') %></span><% } %></td>
<td data-label="<%= it.t('admin-users.roles') %>"><%= user.roles.join(', ') || '–' %></td>
<td data-label="<%= it.t('admin-users.created') %>"><%~ it.date(user.createdAt) %></td></tr>
<% } %></tbody></table>
<% } %><% if (!it.isFirst || it.next !== null) { %><nav class="pager" aria-label="<%= it.t('admin-users.pages') %>">
<% if (!it.isFirst) { %><a class="button second" href="<%= it.path('/admin/ui/users') + it.first %>" data-swap><%= it.t('admin-users.first') %></a><% } %>
<% if (it.next !== null) { %><a class="button second" href="<%= it.path('/admin/ui/users') + it.next %>" data-swap><%= it.t('admin-users.next') %></a><% } %>
</nav><% } %>
`;

export interface ServiceUserValues {
  readonly name: string;
  readonly roles: string;
  readonly problem: Refused | null;
}

export const SERVICE_USER_SAMPLE: ServiceUserValues = {
  name: 'orders',
  roles: 'reader',
  problem: {
    code: 'validation_failed',
    status: 400,
    fields: [{ field: 'name', rule: 'isNotEmpty', limit: 0 }],
    retryAfterSeconds: null,
  },
};

export const SERVICE_USER = `
<h1><%= it.title %></h1>
<p><%= it.t('admin-service-user.what') %></p>
<% if (it.problem) { %><%~ it.refusal(it.problem) %><% } %>
<form method="post" action="<%= it.path('/admin/ui/users/new') %>" class="narrow"><input type="hidden" name="_csrf" value="<%= it.csrf %>">
<div class="field"><label for="name"><%= it.t('admin-service-user.name') %></label><input id="name" name="name" required maxlength="100" value="<%= it.name %>" autocomplete="off"></div>
<div class="field"><label for="roles"><%= it.t('admin-user-roles.roles') %></label><input id="roles" name="roles" value="<%= it.roles %>" autocomplete="off" spellcheck="false" aria-describedby="roles-hint"><span class="hint" id="roles-hint"><%= it.t('admin-user-roles.hint') %></span></div>
<p class="row"><button><%= it.t('admin-service-user.create') %></button><a class="button second" href="<%= it.path('/admin/ui/users') %>"><%= it.t('admin.cancel') %></a></p>
</form>
`;
