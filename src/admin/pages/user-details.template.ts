import { HEAD_SAMPLE, type HeadValues, USER_HEAD } from '../../users/user-tabs.js';
import { EVENT_SAMPLE, eventTable, type ShownEvent } from './shown-event.js';

interface Paged {
  readonly isFirst: boolean;
  /** Cursor of the next page; null: this is the last. */
  readonly next: string | null;
}

export interface UserSessionsValues extends HeadValues, Paged {
  readonly sessions: readonly {
    readonly id: string;
    readonly device: string | null;
    readonly ip: string | null;
    readonly createdAt: Date;
    readonly lastSeenAt: Date;
    readonly amr: readonly string[];
    /** Whether an admin acts in it. */
    readonly isActing: boolean;
    readonly isCurrent: boolean;
  }[];
}

export const USER_SESSIONS_SAMPLE: UserSessionsValues = {
  ...HEAD_SAMPLE,
  sessions: [
    {
      id: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11',
      device: 'Firefox on Linux',
      ip: '192.0.2.7',
      createdAt: new Date('2026-11-21T09:00:00Z'),
      lastSeenAt: new Date('2026-11-21T09:05:00Z'),
      amr: ['pwd'],
      isActing: true,
      isCurrent: true,
    },
  ],
  isFirst: false,
  next: 'x',
};

const OF_USER = `it.path('/admin/ui/users/' + it.head.id`;

const pager = (
  tab: string,
) => `<% if (!it.isFirst || it.next !== null) { %><nav class="pager" aria-label="<%= it.t('admin-users.pages') %>">
<% if (!it.isFirst) { %><a class="button second" href="<%= ${OF_USER} + '/${tab}') %>" data-swap><%= it.t('admin-users.first') %></a><% } %>
<% if (it.next !== null) { %><a class="button second" href="<%= ${OF_USER} + '/${tab}?cursor=' + it.next) %>" data-swap><%= it.t('admin-users.next') %></a><% } %>
</nav><% } %>`;

/** As on the pages of sessions. */
const PROVEN = `<% const proven = (amr) => amr.filter((method) => ['pwd', 'otp', 'pop'].includes(method)).map((method) => it.t('sessions.proof.' + method)).join(', ') || it.t('sessions.proof.none'); %>`;

export const USER_SESSIONS = `${PROVEN}${USER_HEAD}
<% if (it.sessions.length === 0) { %><p><%= it.t('admin-user-sessions.none') %></p>
<% } else { %><table class="table"><thead><tr><th scope="col"><%= it.t('admin-user-sessions.device') %></th><th scope="col"><%= it.t('admin-user-sessions.seen') %></th><th scope="col"><%= it.t('admin-user-sessions.started') %></th><th scope="col"><%= it.t('admin-events.from') %></th><th scope="col"><%= it.t('admin-user-sessions.proven') %></th><td></td></tr></thead>
<tbody><% for (const session of it.sessions) { %><tr>
<th scope="row"><%= session.device ?? it.t('admin-user-sessions.unknown') %><% if (session.isCurrent) { %> <span class="badge"><%= it.t('admin-user-sessions.current') %></span><% } %><% if (session.isActing) { %> <span class="badge"><%= it.t('admin-user-sessions.acting') %></span><% } %></th>
<td data-label="<%= it.t('admin-user-sessions.seen') %>"><%~ it.date(session.lastSeenAt) %></td>
<td data-label="<%= it.t('admin-user-sessions.started') %>"><%~ it.date(session.createdAt) %></td>
<td class="place" data-label="<%= it.t('admin-events.from') %>"><span class="code"><%= session.ip ?? '–' %></span></td>
<td data-label="<%= it.t('admin-user-sessions.proven') %>"><%= proven(session.amr) %></td>
<td><form method="post" action="<%= ${OF_USER} + '/sessions/' + session.id + '/end') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><button class="second"><%= it.t('admin-user-sessions.end') %></button></form></td></tr>
<% } %></tbody></table>
<p><a class="button second" href="<%= ${OF_USER} + '/log-out') %>"><%= it.t('admin-user.log-out') %></a></p>
<% } %>${pager('sessions')}
`;

export interface UserFactorsValues extends HeadValues {
  readonly factors: readonly {
    readonly factor: string;
    /** Word for it; null: there is none, and the factor's own name is shown. */
    readonly label: string | null;
    readonly name: string | null;
    readonly enrolledAt: Date;
    readonly lastUsedAt: Date | null;
    readonly remaining: number | null;
  }[];
}

export const USER_FACTORS_SAMPLE: UserFactorsValues = {
  ...HEAD_SAMPLE,
  factors: [
    {
      factor: 'passkey',
      label: 'factor-passkey.name',
      name: 'laptop',
      enrolledAt: new Date('2026-11-21T09:00:00Z'),
      lastUsedAt: null,
      remaining: 3,
    },
  ],
};

export const USER_FACTORS = `${USER_HEAD}
<% if (it.factors.length === 0) { %><p><%= it.t('admin-user-factors.none') %></p>
<% } else { %><table class="table"><thead><tr><th scope="col"><%= it.t('admin-user-factors.factor') %></th><th scope="col"><%= it.t('admin-user-factors.enrolled') %></th><th scope="col"><%= it.t('admin-user-factors.used') %></th><th scope="col"><%= it.t('admin-user-factors.remaining') %></th></tr></thead>
<tbody><% for (const factor of it.factors) { %><tr>
<th scope="row"><% if (factor.label) { %><%= it.t(factor.label) %><% } else { %><span class="code"><%= factor.factor %></span><% } %><% if (factor.name) { %> <span class="hint"><%= factor.name %></span><% } %></th>
<td data-label="<%= it.t('admin-user-factors.enrolled') %>"><%~ it.date(factor.enrolledAt) %></td>
<td data-label="<%= it.t('admin-user-factors.used') %>"><% if (factor.lastUsedAt === null) { %>–<% } else { %><%~ it.date(factor.lastUsedAt) %><% } %></td>
<td data-label="<%= it.t('admin-user-factors.remaining') %>"><%= factor.remaining === null ? '–' : it.number(factor.remaining) %></td></tr>
<% } %></tbody></table>
<p><a class="button second" href="<%= ${OF_USER} + '/reset-factors') %>"><%= it.t('admin-user.reset-factors') %></a></p>
<% } %>
`;

export interface UserLogValues extends HeadValues, Paged {
  readonly events: readonly ShownEvent[];
}

export const USER_LOG_SAMPLE: UserLogValues = { ...HEAD_SAMPLE, events: [EVENT_SAMPLE], isFirst: false, next: 'x' };

export const USER_LOG = `${USER_HEAD}
<% if (it.events.length === 0) { %><p><%= it.t('admin-events.none') %></p>
<% } else { %>${eventTable(false)}<p><a href="<%= it.path('/admin/ui/audit?userId=' + it.head.id) %>"><%= it.t('admin-events.in-audit') %></a></p>
<% } %>${pager('log')}
`;
