import { CONFIRM_ELSEWHERE } from './proof-places.template.js';

export const CONFIRM = `<h1><%= it.title %></h1>
<p><%= it.t('confirm.why') %></p>
<%~ it.refusal(it.problem) %>
<% const isByModule = it.chosen !== null && it.chosen.module !== null; %>
<% if (it.hasPassword || isByModule) { %><form method="post" action="<%= it.path('/confirm') %>"<% if (isByModule) { %> data-factor="<%= it.chosen.name %>" data-options="<%= it.route('/auth/step-up/' + it.chosen.name + '/options') %>"<% } %>>
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.returnTo !== null) { %><input type="hidden" name="return" value="<%= it.returnTo %>">
<% } %><% if (it.chosen !== null) { %><input type="hidden" name="factor" value="<%= it.chosen.name %>">
<% } %><% if (isByModule) { %><input type="hidden" name="credential" value="">
<noscript><p class="note"><%= it.t('factor.needs-scripts') %></p></noscript>
<button><%= it.t(it.chosen.choose) %></button>
<p class="wrong" role="alert" hidden><%= it.t(it.chosen.name + '.failed') %></p>
<% } else { %><input type="hidden" name="username" value="<%= it.user.email %>" autocomplete="username" disabled>
<div class="field"><label for="password"><%= it.t('confirm.password') %></label>
<input id="password" name="password" type="password" autocomplete="current-password" required<%~ it.invalid(it.problem, 'password') || ' autofocus' %>></div>
<% if (it.chosen !== null) { %><div class="field"><label for="code"><%= it.t(it.chosen.code) %></label>
<input id="code" name="code" class="code" autocomplete="one-time-code" inputmode="<%= it.chosen.inputMode %>" autocapitalize="off" spellcheck="false" required<%~ it.invalid(it.problem, 'code') %>>
<% if (it.chosen.hint) { %><span class="hint"><%= it.t(it.chosen.hint) %></span><% } %></div>
<% } %><button><%= it.t('confirm.submit') %></button>
<% } %></form>
<% } else if (it.elsewhere.length === 0) { %><p class="note"><%= it.t('confirm.no-way') %></p>
<% } %><% if (it.others.length > 0) { %><p class="or"><%= it.t('factor.other') %></p>
<% for (const way of it.others) { %><a class="button second" href="<%= it.path('/confirm') %>?factor=<%= way.name %><% if (it.returnTo !== null) { %>&amp;return=<%= encodeURIComponent(it.returnTo) %><% } %>"><%= it.t(way.choose) %></a>
<% } %><% } %>${CONFIRM_ELSEWHERE}`;
