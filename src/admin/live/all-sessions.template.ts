export interface AllSessionsValues {
  /** Address of the events; null on further pages, which are not live. */
  readonly live: string | null;
  readonly sessions: readonly {
    readonly id: string;
    readonly userId: string;
    /** Address or name; null: gone meanwhile. */
    readonly user: string | null;
    readonly device: string | null;
    readonly ip: string | null;
    readonly amr: readonly string[];
    readonly createdAt: Date;
    readonly lastSeenAt: Date;
    readonly isCurrent: boolean;
    readonly isImpersonated: boolean;
  }[];
  /** False: this store sorts by user. */
  readonly isNewestFirst: boolean;
  readonly isFirst: boolean;
  readonly nextCursor: string | null;
}

export const ALL_SESSIONS_SAMPLE: AllSessionsValues = {
  live: '/admin/ui/sessions/live?after=x',
  sessions: [
    {
      id: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11',
      userId: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
      user: 'ada@example.com',
      device: 'Firefox on Linux',
      ip: '203.0.113.7',
      amr: ['pwd', 'otp'],
      createdAt: new Date(0),
      lastSeenAt: new Date(0),
      isCurrent: true,
      isImpersonated: true,
    },
  ],
  isNewestFirst: true,
  isFirst: false,
  nextCursor: 'x',
};

export const ALL_SESSIONS = `<% const proven = (amr) => amr.filter((method) => ['pwd', 'otp', 'pop'].includes(method)).map((method) => it.t('sessions.proof.' + method)).join(', ') || it.t('sessions.proof.none'); %><div class="row spread"><h1><%= it.title %></h1>
<p><a class="button second" href="<%= it.path('/admin/ui/end-everything') %>"><%= it.t('admin-sessions.end-everything') %></a></p></div>
<div<% if (it.live) { %> data-live="<%= it.live %>" data-on="<%= it.t('live.on') %>" data-stopped="<%= it.t('live.stopped') %>"<% } %>>
<p class="row"><span class="hint" role="status" data-live-status><%= it.t('live.off') %></span> <a class="small" href="<%= it.path('/admin/ui/sessions') %>"><%= it.t(it.isFirst ? 'live.reload' : 'admin-sessions.first') %></a></p>
<table class="table">
<caption><%= it.t(it.isNewestFirst ? 'admin-sessions.newest' : 'admin-sessions.by-user') %></caption>
<thead><tr><th scope="col"><%= it.t('admin-sessions.user') %></th><th scope="col"><%= it.t('sessions.device') %></th><th scope="col"><%= it.t('sessions.seen') %></th><th scope="col"><%= it.t('sessions.address') %></th><th scope="col"><%= it.t('sessions.proven') %></th><th scope="col"><%= it.t('sessions.act') %></th></tr></thead>
<tbody data-rows="sessions">
<% for (const session of it.sessions) { %><tr data-key="<%= session.id %>">
<th scope="row"><a href="<%= it.path('/admin/ui/users/' + session.userId) %>"><%= session.user ?? session.userId %></a><% if (session.isCurrent) { %> <span class="badge is-good"><%= it.t('admin-sessions.current') %></span><% } %><% if (session.isImpersonated) { %> <span class="badge is-bad"><%= it.t('admin-sessions.impersonated') %></span><% } %></th>
<td data-label="<%= it.t('sessions.device') %>"><span><%= session.device ?? it.t('sessions.unknown') %> <span class="under"><%= it.t('sessions.since') %> <%~ it.date(session.createdAt) %></span></span></td>
<td data-label="<%= it.t('sessions.seen') %>"><%~ it.date(session.lastSeenAt) %></td>
<td class="place" data-label="<%= it.t('sessions.address') %>"><span class="code"><%= session.ip ?? '–' %></span></td>
<td data-label="<%= it.t('sessions.proven') %>"><%= proven(session.amr) %></td>
<td><form method="post" action="<%= it.path('/admin/ui/sessions/end') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><input type="hidden" name="id" value="<%= session.id %>"><button class="second" aria-label="<%= it.t('admin-sessions.end-of', { user: session.user ?? session.userId }) %>"><%= it.t('sessions.end') %></button></form></td>
</tr>
<% } %></tbody>
</table>
<% if (it.nextCursor) { %><p class="pager"><a class="button second" href="<%= it.path('/admin/ui/sessions') %>?cursor=<%= it.nextCursor %>"><%= it.t('admin-sessions.next') %></a></p>
<% } %></div>
`;
