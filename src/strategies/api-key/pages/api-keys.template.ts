const BACK = `<p><a href="<%= it.path('/account/keys') %>"><%= it.t('account-keys.back') %></a></p>
<h1><%= it.title %></h1>
`;

const ABOUT = `<dl>
<dt><%= it.t('account-key.prefix') %></dt><dd class="code"><%= it.key.prefix %>…</dd>
<dt><%= it.t('account-key.scopes') %></dt><dd><% if (it.key.scopes.length === 0) { %><%= it.t('account-key.no-scopes') %><% } else { %><span class="code"><%= it.key.scopes.join(', ') %></span><% } %></dd>
<dt><%= it.t('account-key.created') %></dt><dd><%~ it.date(it.key.createdAt) %></dd>
<dt><%= it.t('account-key.used') %></dt><dd><% if (it.key.lastUsedAt) { %><%~ it.date(it.key.lastUsedAt) %><% } else { %><%= it.t('account-key.never') %><% } %></dd>
<dt><%= it.t('account-key.expires') %></dt><dd><% if (it.key.expiresAt) { %><%~ it.date(it.key.expiresAt) %><% } else { %><%= it.t('account-key.never') %><% } %></dd>
</dl>
`;

export const ACCOUNT_KEYS = `<h1><%= it.title %></h1>
<p><%= it.t('account-keys.about') %></p>
<p class="row"><a class="button" href="<%= it.path('/account/keys/new') %>"><%= it.t('account-keys.new') %></a></p>
<% if (it.keys.length === 0) { %><p class="note"><%= it.t('account-keys.none') %></p>
<% } else { %><table class="table"><thead><tr><th scope="col"><%= it.t('account-key.name') %></th><th scope="col"><%= it.t('account-key.scopes') %></th><th scope="col"><%= it.t('account-key.used') %></th><th scope="col"><%= it.t('account-key.expires') %></th></tr></thead><tbody>
<% for (const key of it.keys) { %><tr>
<td data-label="<%= it.t('account-key.name') %>"><span><a href="<%= it.path('/account/keys/' + key.id) %>"><bdi><%= key.name %></bdi></a><% if (key.rotatedAt) { %> <span class="badge"><%= it.t('account-keys.rotated') %></span><% } %></span></td>
<td data-label="<%= it.t('account-key.scopes') %>"><span class="code"><%= key.scopes.join(', ') || '–' %></span></td>
<td data-label="<%= it.t('account-key.used') %>"><span><% if (key.lastUsedAt) { %><%~ it.date(key.lastUsedAt) %><% } else { %><%= it.t('account-key.never') %><% } %></span></td>
<td data-label="<%= it.t('account-key.expires') %>"><span><% if (key.expiresAt) { %><%~ it.date(key.expiresAt) %><% } else { %><%= it.t('account-key.never') %><% } %></span></td>
</tr>
<% } %></tbody></table>
<% } %>`;

export const ACCOUNT_KEY = `<p><a href="<%= it.path('/account/keys') %>"><%= it.t('account-keys.back') %></a></p>
<h1><bdi><%= it.key.name %></bdi></h1>
${ABOUT}<p class="row"><% if (!it.key.rotatedAt) { %><a class="button second" href="<%= it.path('/account/keys/' + it.key.id + '/rotate') %>"><%= it.t('account-key.rotate') %></a>
<% } %><a class="button second" href="<%= it.path('/account/keys/' + it.key.id + '/revoke') %>"><%= it.t('account-key.revoke') %></a></p>
<%~ it.plot(it) %>
`;

export const ACCOUNT_KEY_NEW = `${BACK}<p><%= it.t('account-key-new.about') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/account/keys/new') %>" class="narrow">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<div class="field"><label for="name"><%= it.t('account-key.name') %></label>
<input id="name" name="name" value="<%= it.name %>" maxlength="100" autocomplete="off" required<%~ it.invalid(it.problem, 'name') %>>
<span class="hint"><%= it.t('account-key-new.name.about') %></span></div>
<div class="field"><label for="scopes"><%= it.t('account-key.scopes') %></label>
<input id="scopes" name="scopes" value="<%= it.scopes %>" autocomplete="off" spellcheck="false" class="code"<%~ it.invalid(it.problem, 'scopes') %>>
<span class="hint"><% if (it.offered.length > 0) { %><%= it.t('account-key-new.scopes.offered') %> <span class="code"><%= it.offered.join(', ') %></span><% } else { %><%= it.t('account-key-new.scopes.about') %><% } %></span></div>
<div class="field"><label for="life"><%= it.t('account-key-new.life') %></label>
<select id="life" name="life"<%~ it.invalid(it.problem, 'expiresInSeconds') %>>
<option value=""><%= it.longestDays === null ? it.t('account-key.never') : it.t('account-key-new.days', { count: it.longestDays }) %></option>
<% for (const days of it.lives) { %><option value="<%= days %>"<% if (String(days) === it.life) { %> selected<% } %>><%= it.t('account-key-new.days', { count: days }) %></option>
<% } %></select></div>
<p class="row"><button><%= it.t('account-key-new.submit') %></button> <a class="button second" href="<%= it.path('/account/keys') %>"><%= it.t('account.cancel') %></a></p>
</form>
`;

export const ACCOUNT_KEY_CREATED = `<h1><%= it.title %></h1>
<p class="note"><%= it.t('account-key-created.once') %></p>
<p class="code secret" id="new-key"><%= it.apiKey %></p>
<p class="row"><button type="button" class="second" data-copy="new-key" data-copied="<%= it.t('api-key.copied') %>" data-failed="<%= it.t('api-key.not-copied') %>" hidden><%= it.t('api-key.copy') %></button> <span class="hint" role="status"></span></p>
<p><%= it.t('account-key-created.use') %></p>
<p class="code secret">Authorization: Bearer cck_…</p>
<p><% if (it.expiresAt) { %><%= it.t('account-key.expires') %>: <%~ it.date(it.expiresAt) %><% } else { %><%= it.t('account-key-created.for-ever') %><% } %></p>
<p class="row"><a class="button" href="<%= it.path('/account/keys') %>"><%= it.t('account-key-created.kept') %></a></p>
`;

export const ACCOUNT_KEY_ROTATE = `${BACK}<p><%= it.t('account-key-rotate.about', { name: it.key.name }) %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/account/keys/' + it.key.id + '/rotate') %>" class="narrow">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<div class="field"><label for="overlap"><%= it.t('account-key-rotate.overlap') %></label>
<select id="overlap" name="overlap"<%~ it.invalid(it.problem, 'overlap') %>>
<% for (const hours of it.overlaps) { %><option value="<%= hours %>"<% if (hours === 24) { %> selected<% } %>><%= hours === 0 ? it.t('account-key-rotate.at-once') : it.t('account-key-rotate.hours', { count: hours }) %></option>
<% } %></select></div>
<p class="row"><button><%= it.t('account-key-rotate.submit') %></button> <a class="button second" href="<%= it.path('/account/keys/' + it.key.id) %>"><%= it.t('account.cancel') %></a></p>
</form>
`;

export const ACCOUNT_KEY_REVOKE = `${BACK}<p><%= it.t('account-key-revoke.about', { name: it.key.name }) %></p>
<p><%= it.requests > 0 ? it.t('account-key-revoke.used', { count: it.requests }) : it.t('account-key-revoke.unused') %></p>
<form method="post" action="<%= it.path('/account/keys/' + it.key.id + '/revoke') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<p class="row"><button class="danger"><%= it.t('account-key.revoke') %></button> <a class="button second" href="<%= it.path('/account/keys/' + it.key.id) %>"><%= it.t('account.cancel') %></a></p>
</form>
`;
