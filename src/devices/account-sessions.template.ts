/** Proof methods of RFC 8176 as words; those that say nothing to a person are left out. */
const PROVEN = `<% const proven = (amr) => amr.filter((method) => ['pwd', 'otp', 'pop'].includes(method)).map((method) => it.t('sessions.proof.' + method)).join(', ') || it.t('sessions.proof.none'); %>`;

/** Sessions and remembered devices. Rows come and go by `live.js`. */
export const ACCOUNT_SESSIONS = `${PROVEN}<h1><%= it.title %></h1>
<div data-live="<%= it.live %>" data-on="<%= it.t('live.on') %>" data-stopped="<%= it.t('live.stopped') %>">
<p class="row"><span class="hint" role="status" data-live-status><%= it.t('live.off') %></span> <a class="small" href="<%= it.path('/account/sessions') %>"><%= it.t('live.reload') %></a></p>
<table class="table">
<caption><%= it.t('account-sessions.caption') %></caption>
<thead><tr><th scope="col"><%= it.t('sessions.device') %></th><th scope="col"><%= it.t('sessions.seen') %></th><th scope="col"><%= it.t('sessions.address') %></th><th scope="col"><%= it.t('sessions.proven') %></th><th scope="col"><%= it.t('sessions.act') %></th></tr></thead>
<tbody data-rows="sessions">
<% for (const session of it.sessions) { %><tr data-key="<%= session.id %>">
<th scope="row"><%= session.device ?? it.t('sessions.unknown') %><% if (session.isCurrent) { %> <span class="badge is-good"><%= it.t('account-sessions.current') %></span><% } %><% if (session.isActing) { %> <span class="badge"><%= it.t('account-sessions.acting') %></span><% } %><% if (session.isImpersonated) { %> <span class="badge is-bad"><%= it.t('sessions.impersonated') %></span><% } %>
<span class="under"><%= it.t('sessions.since') %> <%~ it.date(session.createdAt) %></span></th>
<td data-label="<%= it.t('sessions.seen') %>"><%~ it.date(session.lastSeenAt) %></td>
<td class="place" data-label="<%= it.t('sessions.address') %>"><span class="code"><%= session.ip ?? '–' %></span></td>
<td data-label="<%= it.t('sessions.proven') %>"><%= proven(session.amr) %></td>
<td><form method="post" action="<%= it.path('/account/sessions/end') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><input type="hidden" name="id" value="<%= session.id %>"><button class="second" aria-label="<%= it.t(session.isCurrent ? 'account-sessions.end-here' : 'account-sessions.end-of', { device: session.device ?? it.t('sessions.unknown') }) %>"><%= it.t('sessions.end') %></button></form></td>
</tr>
<% } %></tbody>
</table>
<% if (it.nextCursor) { %><p class="pager"><a href="<%= it.path('/account/sessions') %>?cursor=<%= it.nextCursor %>"><%= it.t('account-sessions.more') %></a></p>
<% } %><p><a class="button danger" href="<%= it.path('/account/sessions/others') %>"><%= it.t('account-sessions.end-others') %></a></p>
<h2><%= it.t('account-sessions.devices') %></h2>
<p class="hint"><%= it.t('account-sessions.devices-text') %></p>
<table class="table">
<caption class="unseen"><%= it.t('account-sessions.devices') %></caption>
<thead><tr><th scope="col"><%= it.t('sessions.device') %></th><th scope="col"><%= it.t('sessions.seen') %></th><th scope="col"><%= it.t('account-sessions.remembered') %></th><th scope="col"><%= it.t('sessions.act') %></th></tr></thead>
<tbody data-rows="devices">
<% for (const device of it.devices) { %><tr data-key="<%= device.id %>">
<th scope="row"><%= device.device ?? it.t('sessions.unknown') %></th>
<td data-label="<%= it.t('sessions.seen') %>"><%~ it.date(device.lastSeenAt) %></td>
<td data-label="<%= it.t('account-sessions.remembered') %>"><% if (device.rememberedUntil) { %><%~ it.date(device.rememberedUntil) %><% } else { %><%= it.t('account-sessions.not-remembered') %><% } %></td>
<td><form method="post" action="<%= it.path('/account/sessions/forget') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><input type="hidden" name="id" value="<%= device.id %>"><button class="second" aria-label="<%= it.t('account-sessions.forget-of', { device: device.device ?? it.t('sessions.unknown') }) %>"><%= it.t('account-sessions.forget') %></button></form></td>
</tr>
<% } %></tbody>
</table>
<p class="none"><%= it.t('account-sessions.no-devices') %></p>
</div>
`;

/** Shows in numbers what ending all other sessions will do, before it is done. */
export const ACCOUNT_SESSIONS_OTHERS = `<h1><%= it.title %></h1>
<p><%= it.others === 0 ? it.t('account-sessions-others.none') : it.t(it.isMore ? 'account-sessions-others.more' : 'account-sessions-others.sessions', { count: it.others }) %> <%= it.t('account-sessions-others.also') %></p>
<form method="post" class="row"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><button class="danger"><%= it.t('account-sessions-others.end') %></button> <a class="button second" href="<%= it.path('/account/sessions') %>"><%= it.t('account-sessions-others.keep') %></a></form>
`;
