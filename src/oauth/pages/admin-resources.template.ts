import type { Refused } from '../../pages/page-view.js';

export interface ShownResourceRow {
  readonly uri: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly origin: string;
}

export interface ResourcesValues {
  readonly resources: readonly ShownResourceRow[];
}

export interface ResourceFields {
  readonly uri: string;
  readonly name: string;
  /** One a line: the scope, a space, what it lets a client do. */
  readonly scopes: string;
  readonly accessTokenSeconds: string;
  readonly operatorClientId: string;
}

export interface ResourceValues {
  readonly form: ResourceFields;
  /** Whether it is there already, so that its URI is settled. */
  readonly isKnown: boolean;
  readonly isDeletable: boolean;
  /** Whether it can be changed here: not what the options' file says. */
  readonly isChangeable: boolean;
  readonly label: string;
  readonly problem: Refused | null;
}

export const RESOURCES_SAMPLE: ResourcesValues = {
  resources: [{ uri: 'https://orders.example.com/', name: 'Orders', scopes: ['orders:read'], origin: 'admin' }],
};

export const RESOURCE_SAMPLE: ResourceValues = {
  form: {
    uri: 'https://orders.example.com/',
    name: 'Orders',
    scopes: 'orders:read Read your orders',
    accessTokenSeconds: '300',
    operatorClientId: '',
  },
  isKnown: true,
  isDeletable: true,
  isChangeable: true,
  label: 'Orders',
  problem: {
    code: 'validation_failed',
    status: 400,
    fields: [{ field: 'uri', rule: 'resourceUri', limit: 0 }],
    retryAfterSeconds: null,
  },
};

export const RESOURCES = `<p><a href="<%= it.path('/admin/ui/clients') %>"><%= it.t('admin-clients.back') %></a></p>
<h1><%= it.title %></h1>
<p><%= it.t('admin-resources.what') %></p>
<p class="row"><a class="button" href="<%= it.path('/admin/ui/resources/edit') %>"><%= it.t('admin-resources.new') %></a></p>
<table class="table"><thead><tr><th scope="col"><%= it.t('admin-resource.resource') %></th><th scope="col"><%= it.t('admin-resource.scopes') %></th><th scope="col"><%= it.t('admin-resource.origin') %></th></tr></thead>
<tbody><% for (const one of it.resources) { %><tr>
<th scope="row"><a href="<%= it.path('/admin/ui/resources/edit') %>?uri=<%= encodeURIComponent(one.uri) %>"><bdi><%= one.name %></bdi></a><span class="hint code block"><%= one.uri %></span></th>
<td data-label="<%= it.t('admin-resource.scopes') %>"><span class="code"><%= one.scopes.join(', ') || '–' %></span></td>
<td data-label="<%= it.t('admin-resource.origin') %>"><%= it.t('admin-resource.origin.' + one.origin) %></td></tr>
<% } %></tbody></table>
`;

const text = (name: string) =>
  `<div class="field"><label for="${name}"><%= it.t('admin-resource.${name}') %></label><input id="${name}" name="${name}" value="<%= it.form.${name} %>" autocomplete="off" spellcheck="false" aria-describedby="${name}-hint"<%~ it.invalid(it.problem, '${name}') %>><span class="hint" id="${name}-hint"><%= it.t('admin-resource.${name}.hint') %></span></div>
`;

export const RESOURCE = `<p><a href="<%= it.path('/admin/ui/resources') %>"><%= it.t('admin-resource.back') %></a></p>
<h1><bdi><%= it.title %></bdi></h1>
<%~ it.refusal(it.problem) %>
<% if (!it.isChangeable) { %><p class="note"><%= it.t('admin-resource.of-file') %></p>
<% } else { %><form method="post" action="<%= it.path('/admin/ui/resources/edit') %>" class="narrow" id="resource">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.isKnown) { %><input type="hidden" name="uri" value="<%= it.form.uri %>"><p class="code"><%= it.form.uri %></p>
<% } else { %>${text('uri')}<% } %>${text('name')}<div class="field"><label for="scopes"><%= it.t('admin-resource.scopes') %></label><textarea id="scopes" name="scopes" rows="5" class="code" spellcheck="false" aria-describedby="scopes-hint"<%~ it.invalid(it.problem, 'scopes') %>><%= it.form.scopes %></textarea><span class="hint" id="scopes-hint"><%= it.t('admin-resource.scopes.hint') %></span></div>
${text('accessTokenSeconds')}${text('operatorClientId')}<p class="row"><button id="save"><%= it.t('admin-resource.save') %></button></p>
</form>
<% if (it.isDeletable) { %><form method="post" action="<%= it.path('/admin/ui/resources/delete') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><input type="hidden" name="uri" value="<%= it.form.uri %>">
<p><%= it.t('admin-resource.delete.what') %></p><button class="danger" id="delete"><%= it.t('admin-resource.delete') %></button></form>
<% } %><% } %>`;
