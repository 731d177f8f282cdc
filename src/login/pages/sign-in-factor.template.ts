export const SIGN_IN_FACTOR = `<h1><%= it.title %></h1>
<%~ it.refusal(it.problem) %>
<% const isByModule = it.chosen.module !== null; %>
<form method="post" action="<%= it.path('/sign-in/factor') %>"<% if (isByModule) { %> data-factor="<%= it.chosen.name %>" data-options="<%= it.route('/auth/login/' + it.chosen.name + '/options') %>" data-login-token="<%= it.loginToken %>"<% } %>>
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<input type="hidden" name="factor" value="<%= it.chosen.name %>">
<% if (it.returnTo !== null) { %><input type="hidden" name="return" value="<%= it.returnTo %>">
<% } %><% if (isByModule) { %><input type="hidden" name="credential" value="">
<noscript><p class="note"><%= it.t('factor.needs-scripts') %></p></noscript>
<% } else { %><div class="field"><label for="code"><%= it.t(it.chosen.code) %></label>
<input id="code" name="code" class="code" autocomplete="one-time-code" inputmode="<%= it.chosen.inputMode %>" autocapitalize="off" spellcheck="false" required<%~ it.invalid(it.problem, 'code') || ' autofocus' %>>
<% if (it.chosen.hint) { %><span class="hint"><%= it.t(it.chosen.hint) %></span><% } %></div>
<% } %><% if (it.rememberDays > 0) { %><div class="check"><input id="remember" name="remember" type="checkbox" value="on"><label for="remember"><%= it.t('sign-in-factor.remember', { count: it.rememberDays }) %></label></div>
<% } %><button><%= it.t(isByModule ? it.chosen.choose : 'sign-in-factor.submit') %></button>
<% if (isByModule) { %><p class="wrong" role="alert" hidden><%= it.t(it.chosen.name + '.failed') %></p>
<% } %></form>
<% if (it.others.length > 0) { %><p class="or"><%= it.t('factor.other') %></p>
<% for (const way of it.others) { %><a class="button second" href="<%= it.path('/sign-in/factor') %>?factor=<%= way.name %><% if (it.returnTo !== null) { %>&amp;return=<%= encodeURIComponent(it.returnTo) %><% } %>"><%= it.t(way.choose) %></a>
<% } %><% } %><p class="hint"><a href="<%= it.path('/sign-in') %>"><%= it.t('sign-in-factor.restart') %></a></p>
`;
