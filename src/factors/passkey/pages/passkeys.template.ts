export const FACTOR_PASSKEY = `<p><a href="<%= it.path('/account/factors') %>"><%= it.t('account-factors.back') %></a></p>
<h1><%= it.title %></h1>
<p><%= it.t('factor-passkey.about') %></p>
<p class="row"><a class="button" href="<%= it.path('/account/factors/passkey/add') %>"><%= it.t('factor-passkey.add') %></a></p>
<% if (it.passkeys.length > 0) { %><ul class="list settings card"<% if (it.accepted) { %> data-accepted-passkeys="<%= it.accepted %>"<% } %>>
<% for (const passkey of it.passkeys) { %><li class="row spread"><div><strong><bdi><%= passkey.name %></bdi></strong><% if (passkey.backedUp) { %> <span class="badge"><%= it.t('factor-passkey.synced') %></span><% } %><% if (passkey.automatic) { %> <span class="badge"><%= it.t('factor-passkey.automatic') %></span><% } %><br>
<span class="hint"><%= it.t('account-factors.since') %> <%~ it.date(passkey.createdAt) %><% if (passkey.lastUsedAt) { %>, <%= it.t('account-factors.used') %> <%~ it.date(passkey.lastUsedAt) %><% } %></span></div>
<div class="row actions"><a class="button second" href="<%= it.path('/account/factors/passkey/' + passkey.id + '/rename') %>"><%= it.t('factor-passkey.rename') %></a>
<a class="button second" href="<%= it.path('/account/factors/passkey/' + passkey.id + '/remove') %>"><%= it.t('factor-passkey.remove') %></a></div></li>
<% } %></ul>
<% } else { %><p class="note"<% if (it.accepted) { %> data-accepted-passkeys="<%= it.accepted %>"<% } %>><%= it.t('factor-passkey.none') %></p>
<% } %>`;

const BACK = `<p><a href="<%= it.path('/account/factors/passkey') %>"><%= it.t('factor-passkey.back') %></a></p>
<h1><%= it.title %></h1>
`;

export const FACTOR_PASSKEY_ADD = `${BACK}<p><%= it.t('factor-passkey-add.about') %></p>
<%~ it.refusal(it.problem) %>
<noscript><p class="note"><%= it.t('factor-passkey-add.scripts') %></p></noscript>
<form method="post" action="<%= it.path('/account/factors/passkey/add') %>" class="narrow" data-factor="passkey" data-create data-options="<%= it.route('/auth/factors/passkeys/options') %>" hidden>
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<input type="hidden" name="credential" value="">
<% if (it.needsPassword) { %><div class="field"><label for="password"><%= it.t('factor-passkey-add.password') %></label>
<input id="password" name="password" type="password" autocomplete="current-password" required<%~ it.invalid(it.problem, 'password') %>>
<span class="hint"><%= it.t('factor-passkey-add.password.about') %></span></div>
<% } %><div class="field"><label for="name"><%= it.t('factor-passkey.name-field') %></label>
<input id="name" name="name" maxlength="100" autocomplete="off"<%~ it.invalid(it.problem, 'name') %>>
<span class="hint"><%= it.t('factor-passkey-add.name.about') %></span></div>
<p class="row"><button><%= it.t('factor-passkey-add.submit') %></button></p>
<p class="wrong" role="alert" hidden><%= it.t('factor-passkey-add.failed') %></p>
</form>
`;

export const FACTOR_PASSKEY_RENAME = `${BACK}<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/account/factors/passkey/' + it.id + '/rename') %>" class="narrow">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<div class="field"><label for="name"><%= it.t('factor-passkey.name-field') %></label>
<input id="name" name="name" value="<%= it.name %>" maxlength="100" autocomplete="off" required<%~ it.invalid(it.problem, 'name') %>></div>
<p class="row"><button><%= it.t('factor-passkey.rename') %></button> <a class="button second" href="<%= it.path('/account/factors/passkey') %>"><%= it.t('account.cancel') %></a></p>
</form>
`;

export const FACTOR_PASSKEY_REMOVE = `${BACK}<%~ it.refusal(it.problem) %>
<p><%= it.t('factor-passkey-remove.about', { name: it.name }) %></p>
<form method="post" action="<%= it.path('/account/factors/passkey/' + it.id + '/remove') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<p class="row"><button class="danger"><%= it.t('factor-passkey.remove') %></button> <a class="button second" href="<%= it.path('/account/factors/passkey') %>"><%= it.t('account.cancel') %></a></p>
</form>
`;
