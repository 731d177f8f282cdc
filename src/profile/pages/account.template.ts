export const ACCOUNT = `<h1><%= it.title %></h1>
<% if (it.offer) { const page = it.offer.replaceAll('_', '-'); %><div class="note row spread"><span><%= it.t('factor-' + page + '.offer') %></span>
<a class="button second" href="<%= it.path('/account/factors/' + page) %>"><%= it.t('factor-' + page + '.set-up') %></a></div>
<% } %><section class="card" aria-labelledby="profile"><h2 id="profile"><%= it.t('account.profile') %></h2>
<%~ it.refusal(it.problem, Object.fromEntries(it.fields.map(({ name, label }) => [name, label]))) %>
<form method="post" action="<%= it.path('/account') %>" class="narrow">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<div class="field"><label for="name"><%= it.t('account.name') %></label>
<input id="name" name="name" value="<%= it.name %>" maxlength="100" autocomplete="name"<%~ it.invalid(it.problem, 'name') %>></div>
<% if (it.languages.length > 1) { %><div class="field"><label for="language"><%= it.t('account.language') %></label>
<select id="language" name="language"<%~ it.invalid(it.problem, 'language') %>><option value=""><%= it.t('account.language.of-browser') %></option>
<% for (const one of it.languages) { %><option value="<%= one.code %>" lang="<%= one.code %>"<% if (one.code === it.language) { %> selected<% } %>><%= one.name %></option>
<% } %></select><span class="hint"><%= it.t('account.language.about') %></span></div>
<% } %><% for (const field of it.fields) { const label = field.labelKey ? it.t(field.labelKey) : field.label; %><% if (field.type === 'checkbox') { %><label class="check"><input type="checkbox" name="<%= field.name %>"<% if (field.isChecked) { %> checked<% } %><%~ it.invalid(it.problem, field.name) %>><%= label %></label>
<% } else { %><div class="field"><label for="field-<%= field.name %>"><%= label %></label>
<% if (field.type === 'choice') { %><select id="field-<%= field.name %>" name="<%= field.name %>"<%~ it.invalid(it.problem, field.name) %>><option value=""></option>
<% for (const choice of field.choices) { %><option<% if (choice === field.text) { %> selected<% } %>><%= choice %></option>
<% } %></select><% } else { %><input id="field-<%= field.name %>" name="<%= field.name %>" value="<%= field.text %>"<% if (field.type === 'number') { %> inputmode="decimal"<% } %><%~ it.invalid(it.problem, field.name) %>><% } %></div>
<% } %><% } %><p class="row"><button><%= it.t('account.save') %></button></p>
</form></section>
<section class="card" aria-labelledby="sign-in"><h2 id="sign-in"><%= it.t('account.sign-in') %></h2>
<ul class="list settings">
<li class="row spread"><div><strong><%= it.t('account.email') %></strong><br><%= it.email %> <span class="badge <%= it.emailVerified ? 'is-good' : 'is-bad' %>"><%= it.t(it.emailVerified ? 'account.email.verified' : 'account.email.unverified') %></span></div>
<a class="button second" href="<%= it.path('/account/email') %>"><%= it.t('account.email.change') %></a></li>
<li class="row spread"><div><strong><%= it.t('account.password') %></strong><br><span class="hint"><%= it.t('account.password.about') %></span></div>
<a class="button second" href="<%= it.path('/account/password') %>"><%= it.t('account.password.change') %></a></li>
</ul></section>
<section class="card" aria-labelledby="data"><h2 id="data"><%= it.t('account.data') %></h2>
<ul class="list settings">
<li class="row spread"><div><strong><%= it.t('account.export') %></strong><br><span class="hint"><%= it.t('account.export.about') %></span></div>
<a class="button second" href="<%= it.path('/account/export') %>"><%= it.t('account.export.open') %></a></li>
<li class="row spread"><div><strong><%= it.t('account.delete') %></strong><br><span class="hint"><%= it.t('account.delete.about') %></span></div>
<a class="button second" href="<%= it.path('/account/delete') %>"><%= it.t('account.delete.open') %></a></li>
</ul></section>
`;
