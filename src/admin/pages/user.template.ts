import { HEAD_SAMPLE, type HeadValues, USER_HEAD } from '../../users/user-tabs.js';
import type { AdminUserReply } from '../admin.replies.js';

export interface UserValues extends HeadValues {
  readonly account: Omit<AdminUserReply, 'fields'>;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** Which acts make sense. */
  readonly can: Readonly<
    Record<'unban' | 'unlock' | 'mailReset' | 'logOut' | 'resetFactors' | 'actAs' | 'ban' | 'delete', boolean>
  >;
}

export const USER_SAMPLE: UserValues = {
  ...HEAD_SAMPLE,
  account: {
    id: HEAD_SAMPLE.head.id,
    email: 'ada@example.com',
    emailVerified: true,
    name: 'Ada Lovelace',
    language: 'de',
    kind: 'person',
    status: 'banned',
    roles: ['editor'],
    createdAt: new Date('2026-11-21T09:00:00Z'),
    bannedAt: new Date('2026-11-22T09:00:00Z'),
    bannedUntil: new Date('2026-11-23T09:00:00Z'),
    banReason: 'spam',
  },
  fields: [{ name: 'team', value: 'red' }],
  can: {
    unban: true,
    unlock: true,
    mailReset: true,
    logOut: true,
    resetFactors: true,
    actAs: true,
    ban: true,
    delete: true,
  },
};

const act = (can: string, path: string, word: string) =>
  `<% if (it.can.${can}) { %><form method="post" action="<%= it.path('/admin/ui/users/' + it.account.id + '/${path}') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><button class="second"><%= it.t('${word}') %></button></form>
<% } %>`;

const page = (can: string, path: string, word: string) =>
  `<% if (${can}) { %><a class="button second" href="<%= it.path('/admin/ui/users/' + it.account.id + '/${path}') %>"><%= it.t('${word}') %></a>
<% } %>`;

export const USER = `${USER_HEAD}
<dl>
<% if (it.account.email !== null) { %><dt><%= it.t('admin-user.email') %></dt><dd><%= it.account.email %> <span class="badge"><%= it.t(it.account.emailVerified ? 'admin-user.verified' : 'admin-user.not-verified') %></span></dd><% } %>
<dt><%= it.t('admin-user.name') %></dt><dd><%= it.account.name || '–' %></dd>
<dt><%= it.t('admin-user.language') %></dt><dd><%= it.account.language || '–' %></dd>
<dt><%= it.t('admin-users.kind') %></dt><dd><%= it.t('admin-users.kind.' + it.account.kind) %></dd>
<dt><%= it.t('admin-users.status') %></dt><dd><span class="badge<%= it.account.status === 'active' ? ' is-good' : it.account.status === 'unverified' ? '' : ' is-bad' %>"><%= it.t('admin-users.status.' + it.account.status) %></span></dd>
<% if (it.account.bannedAt !== null) { %><dt><%= it.t('admin-user.banned-since') %></dt><dd><%~ it.date(it.account.bannedAt) %></dd>
<dt><%= it.t('admin-user.banned-until') %></dt><dd><% if (it.account.bannedUntil === null) { %><%= it.t('admin-user.banned-for-good') %><% } else { %><%~ it.date(it.account.bannedUntil) %><% } %></dd>
<dt><%= it.t('admin-user.ban-reason') %></dt><dd><%= it.account.banReason || '–' %></dd><% } %>
<dt><%= it.t('admin-users.roles') %></dt><dd><%= it.account.roles.join(', ') || '–' %></dd>
<dt><%= it.t('admin-users.created') %></dt><dd><%~ it.date(it.account.createdAt) %></dd>
<dt><%= it.t('admin-user.id') %></dt><dd class="code"><%= it.account.id %></dd>
<% for (const field of it.fields) { %><dt><%= field.name %></dt><dd><%= field.value %></dd>
<% } %></dl>
<h2><%= it.t('admin-user.help') %></h2>
<div class="row">
${act('unban', 'unban', 'admin-user.unban')}${act('unlock', 'unlock', 'admin-user.unlock')}${act('mailReset', 'password-reset', 'admin-user.mail-reset')}${page('true', 'roles', 'admin-user.roles')}${page('it.can.actAs', 'act-as', 'admin-user.act-as')}</div>
<h2><%= it.t('admin-user.end') %></h2>
<div class="row">
${page('it.can.logOut', 'log-out', 'admin-user.log-out')}${page('it.can.resetFactors', 'reset-factors', 'admin-user.reset-factors')}${page('it.can.ban', 'ban', 'admin-user.ban')}${page('it.can.delete', 'delete', 'admin-user.delete')}</div>
`;
