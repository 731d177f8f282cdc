const BACK = `<p><a href="<%= it.path('/account/factors') %>"><%= it.t('account-factors.back') %></a></p>
<h1><%= it.title %></h1>
`;

const CODE = `<form method="post" action="<%= it.path('/account/factors/totp/confirm') %>" class="narrow">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<div class="field"><label for="code"><%= it.t('factor-totp.code') %></label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8" required<%~ it.problem ? it.invalid(it.problem, 'code') : '' %>></div>
<p class="row"><button><%= it.t('factor-totp.confirm') %></button></p>
</form>
`;

export const FACTOR_TOTP = `${BACK}<p><%= it.t('factor-totp.about') %></p>
<% if (it.enrolled) { %><p><span class="badge is-good"><%= it.t('account-factors.on') %></span> <%= it.t('account-factors.since') %> <%~ it.date(it.enrolled.enrolledAt) %></p>
<p><%= it.t('factor-totp.replace.about') %></p>
<% } %><%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/account/factors/totp') %>" class="narrow">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.needsPassword) { %><div class="field"><label for="password"><%= it.t('factor-totp.password') %></label>
<input id="password" name="password" type="password" autocomplete="current-password" required<%~ it.invalid(it.problem, 'password') %>>
<span class="hint"><%= it.t('factor-totp.password.about') %></span></div>
<% } %><p class="row"><button><%= it.t(it.enrolled ? 'factor-totp.replace' : 'factor-totp.set-up') %></button><% if (it.enrolled) { %> <a class="button second" href="<%= it.path('/account/factors/totp/remove') %>"><%= it.t('factor-totp.remove') %></a><% } %></p>
</form>
`;

export const FACTOR_TOTP_SECRET = `${BACK}<ol class="steps">
<li><p><%= it.t('factor-totp-secret.scan') %></p>
<img class="qr" src="<%= it.qr %>" alt="<%= it.t('factor-totp-secret.qr') %>">
<p class="hint"><%= it.t('factor-totp-secret.type') %></p>
<p class="code secret"><% for (const part of it.secret) { %><span><%= part %></span> <% } %></p></li>
<li><p><%= it.t('factor-totp-secret.code') %></p>
${CODE.replace("<%~ it.problem ? it.invalid(it.problem, 'code') : '' %>", '')}</li>
</ol>
<p class="hint"><%= it.t('factor-totp-secret.once') %></p>
`;

export const FACTOR_TOTP_CONFIRM = `${BACK}<%~ it.refusal(it.problem) %>
<p><%= it.t('factor-totp-confirm.about') %></p>
${CODE}<p><a href="<%= it.path('/account/factors/totp') %>"><%= it.t('factor-totp-confirm.again') %></a></p>
`;

export const FACTOR_TOTP_REMOVE = `${BACK}<%~ it.refusal(it.problem) %>
<p><%= it.t('factor-totp-remove.about') %></p>
<form method="post" action="<%= it.path('/account/factors/totp/remove') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<p class="row"><button class="danger"><%= it.t('factor-totp.remove') %></button> <a class="button second" href="<%= it.path('/account/factors') %>"><%= it.t('account.cancel') %></a></p>
</form>
`;
