import type { Refused } from '../../pages/page-view.js';

export interface ShownClient {
  readonly id: string;
  readonly name: string;
  readonly origin: string;
  readonly type: 'confidential' | 'public';
  readonly isFirstParty: boolean;
  readonly isDisabled: boolean;
  readonly lastUsedAt: Date | null;
}

export interface ClientsValues {
  readonly clients: readonly ShownClient[];
  readonly isFirst: boolean;
  /** Cursor of the next page; null: this is the last. */
  readonly next: string | null;
}

/** The form of a client, as it is typed. */
export interface ClientFields {
  readonly name: string;
  readonly type: string;
  /** One a line, as the other lists. */
  readonly redirectUris: string;
  readonly postLogoutRedirectUris: string;
  readonly grantTypes: readonly string[];
  readonly tokenEndpointAuthMethod: string;
  readonly jwks: string;
  readonly jwksUri: string;
  readonly scopes: string;
  readonly resources: string;
  readonly defaultResource: string;
  readonly firstParty: boolean;
  readonly requirePkce: boolean;
  readonly idTokenSignedResponseAlg: string;
  readonly backchannelLogoutUri: string;
  readonly serviceUserId: string;
}

export interface ClientFormValues {
  readonly form: ClientFields;
  readonly grantTypes: readonly string[];
  readonly authMethods: readonly string[];
  readonly algorithms: readonly string[];
  readonly problem: Refused | null;
}

export interface ClientValues extends ClientFormValues {
  readonly client: ShownClient;
  /** For the title. */
  readonly label: string;
  readonly hasSecret: boolean;
  /** Whether it can be changed here: not what the options' file says. */
  readonly isChangeable: boolean;
}

const CLIENT: ShownClient = {
  id: 'ledger',
  name: 'Ledger',
  origin: 'admin',
  type: 'confidential',
  isFirstParty: true,
  isDisabled: true,
  lastUsedAt: new Date(0),
};
const PROBLEM: Refused = {
  code: 'validation_failed',
  status: 400,
  fields: [{ field: 'redirectUris', rule: 'redirectUris', limit: 0 }],
  retryAfterSeconds: null,
};
const FORM: ClientFields = {
  name: 'Ledger',
  type: 'confidential',
  redirectUris: 'https://ledger.example.com/callback',
  postLogoutRedirectUris: '',
  grantTypes: ['authorization_code'],
  tokenEndpointAuthMethod: 'client_secret_basic',
  jwks: '',
  jwksUri: '',
  scopes: 'orders:read',
  resources: 'https://orders.example.com/',
  defaultResource: '',
  firstParty: true,
  requirePkce: true,
  idTokenSignedResponseAlg: 'ES256',
  backchannelLogoutUri: '',
  serviceUserId: '',
};

export const CLIENTS_SAMPLE: ClientsValues = { clients: [CLIENT], isFirst: false, next: 'x' };
export const CLIENT_NEW_SAMPLE: ClientFormValues = {
  form: FORM,
  grantTypes: ['authorization_code'],
  authMethods: ['client_secret_basic'],
  algorithms: ['ES256'],
  problem: PROBLEM,
};
export const CLIENT_SAMPLE: ClientValues = {
  ...CLIENT_NEW_SAMPLE,
  client: CLIENT,
  label: CLIENT.name,
  hasSecret: true,
  isChangeable: true,
};

const PATH = `it.path('/admin/ui/clients/' + encodeURIComponent(it.client.id)`;
const BACK = `<p><a href="<%= it.path('/admin/ui/clients') %>"><%= it.t('admin-clients.back') %></a></p>
`;

export const CLIENTS = `<h1><%= it.title %></h1>
<p><%= it.t('admin-clients.what') %></p>
<p class="row"><a class="button" href="<%= it.path('/admin/ui/clients/new') %>"><%= it.t('admin-clients.new') %></a> <a class="button second" href="<%= it.path('/admin/ui/resources') %>"><%= it.t('admin-clients.resources') %></a> <a class="button second" href="<%= it.path('/admin/ui/logout-notices') %>"><%= it.t('admin-clients.logout-notices') %></a></p>
<% if (it.clients.length === 0) { %><p><%= it.t('admin-clients.none') %></p>
<% } else { %><table class="table"><thead><tr><th scope="col"><%= it.t('admin-client.client') %></th><th scope="col"><%= it.t('admin-client.type') %></th><th scope="col"><%= it.t('admin-client.origin') %></th><th scope="col"><%= it.t('admin-client.used') %></th></tr></thead>
<tbody><% for (const client of it.clients) { %><tr>
<th scope="row"><a href="<%= it.path('/admin/ui/clients/' + encodeURIComponent(client.id)) %>"><bdi><%= client.name %></bdi></a><% if (client.isDisabled) { %> <span class="badge"><%= it.t('admin-client.disabled') %></span><% } %><span class="hint code block"><%= client.id %></span></th>
<td data-label="<%= it.t('admin-client.type') %>"><span><%= it.t('admin-client.type.' + client.type) %><% if (client.isFirstParty) { %> <span class="badge"><%= it.t('admin-client.first-party') %></span><% } %></span></td>
<td data-label="<%= it.t('admin-client.origin') %>"><%= it.t('admin-client.origin.' + client.origin) %></td>
<td data-label="<%= it.t('admin-client.used') %>"><% if (client.lastUsedAt === null) { %><%= it.t('admin-client.never') %><% } else { %><%~ it.date(client.lastUsedAt) %><% } %></td></tr>
<% } %></tbody></table>
<% } %><% if (!it.isFirst || it.next !== null) { %><nav class="pager" aria-label="<%= it.t('admin-clients.pages') %>">
<% if (!it.isFirst) { %><a class="button second" href="<%= it.path('/admin/ui/clients') %>" data-swap><%= it.t('admin-clients.first') %></a><% } %>
<% if (it.next !== null) { %><a class="button second" href="<%= it.path('/admin/ui/clients?cursor=' + it.next) %>" data-swap><%= it.t('admin-clients.next') %></a><% } %>
</nav><% } %>
`;

const text = (name: keyof ClientFields, attributes = '') =>
  `<div class="field"><label for="${name}"><%= it.t('admin-client.${name}') %></label><input id="${name}" name="${name}" value="<%= it.form.${name} %>" autocomplete="off" spellcheck="false" aria-describedby="${name}-hint"${attributes}<%~ it.invalid(it.problem, '${name}') %>><span class="hint" id="${name}-hint"><%= it.t('admin-client.${name}.hint') %></span></div>
`;
const lines = (name: keyof ClientFields) =>
  `<div class="field"><label for="${name}"><%= it.t('admin-client.${name}') %></label><textarea id="${name}" name="${name}" rows="3" class="code" autocomplete="off" spellcheck="false" aria-describedby="${name}-hint"<%~ it.invalid(it.problem, '${name}') %>><%= it.form.${name} %></textarea><span class="hint" id="${name}-hint"><%= it.t('admin-client.${name}.hint') %></span></div>
`;
const choice = (name: keyof ClientFields, from: string, label: string) =>
  `<div class="field"><label for="${name}"><%= it.t('admin-client.${name}') %></label><select id="${name}" name="${name}"<%~ it.invalid(it.problem, '${name}') %>><% for (const one of it.${from}) { %><option value="<%= one %>"<% if (one === it.form.${name}) { %> selected<% } %>><%= ${label} %></option><% } %></select></div>
`;
const tick = (name: keyof ClientFields) =>
  `<div class="check"><input id="${name}" name="${name}" type="checkbox" value="on"<% if (it.form.${name}) { %> checked<% } %>><label for="${name}"><%= it.t('admin-client.${name}') %></label></div>
`;

const FIELDS = `<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<div class="field"><label for="name"><%= it.t('admin-client.name') %></label><input id="name" name="name" value="<%= it.form.name %>" required maxlength="100" autocomplete="off"<%~ it.invalid(it.problem, 'name') %>></div>
<div class="field"><label for="type"><%= it.t('admin-client.type') %></label><select id="type" name="type"><% for (const one of ['confidential', 'public']) { %><option value="<%= one %>"<% if (one === it.form.type) { %> selected<% } %>><%= it.t('admin-client.type.' + one) %></option><% } %></select></div>
${lines('redirectUris')}${tick('firstParty')}${text('scopes')}${lines('resources')}<details<% if (it.problem) { %> open<% } %>><summary><%= it.t('admin-client.more') %></summary>
<fieldset><legend><%= it.t('admin-client.grantTypes') %></legend><% for (const [n, one] of it.grantTypes.entries()) { %><div class="check"><input id="grant-<%= n %>" name="grantTypes" type="checkbox" value="<%= one %>"<% if (it.form.grantTypes.includes(one)) { %> checked<% } %>><label for="grant-<%= n %>" class="code"><%= one %></label></div><% } %></fieldset>
${choice('tokenEndpointAuthMethod', 'authMethods', 'one')}${choice('idTokenSignedResponseAlg', 'algorithms', 'one')}${tick('requirePkce')}${text('defaultResource')}${lines('postLogoutRedirectUris')}${text('backchannelLogoutUri')}${text('jwksUri')}${lines('jwks')}${text('serviceUserId')}</details>
`;

export const CLIENT_NEW = `${BACK}<h1><%= it.title %></h1>
<p><%= it.t('admin-client-new.what') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/admin/ui/clients/new') %>" class="narrow" id="client">
${FIELDS}<p class="row"><button id="create"><%= it.t('admin-client-new.create') %></button><a class="button second" href="<%= it.path('/admin/ui/clients') %>"><%= it.t('admin.cancel') %></a></p>
</form>
`;

export const CLIENT_PAGE = `${BACK}<h1><bdi><%= it.client.name %></bdi><% if (it.client.isDisabled) { %> <span class="badge"><%= it.t('admin-client.disabled') %></span><% } %></h1>
<dl><dt><%= it.t('admin-client.id') %></dt><dd class="code" id="client-id"><%= it.client.id %></dd>
<dt><%= it.t('admin-client.origin') %></dt><dd><%= it.t('admin-client.origin.' + it.client.origin) %></dd>
<dt><%= it.t('admin-client.used') %></dt><dd><% if (it.client.lastUsedAt === null) { %><%= it.t('admin-client.never') %><% } else { %><%~ it.date(it.client.lastUsedAt) %><% } %></dd></dl>
<% if (!it.isChangeable) { %><p class="note"><%= it.t('admin-client.of-file') %></p>
<% } else { %><div class="row"><% if (it.hasSecret) { %><a class="button second" href="<%= ${PATH} + '/secret') %>"><%= it.t('admin-client.secret') %></a>
<% } %><form method="post" action="<%= ${PATH} + (it.client.isDisabled ? '/enable' : '/disable')) %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><button class="second" id="<%= it.client.isDisabled ? 'enable' : 'disable' %>"><%= it.t(it.client.isDisabled ? 'admin-client.enable' : 'admin-client.disable') %></button></form>
<a class="button second" href="<%= ${PATH} + '/delete') %>"><%= it.t('admin-client.delete') %></a></div>
<h2><%= it.t('admin-client.settings') %></h2>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= ${PATH}) %>" class="narrow" id="client">
${FIELDS}<p class="row"><button id="save"><%= it.t('admin-client.save') %></button></p>
</form>
<% } %>`;

export interface ClientSecretValues {
  readonly id: string;
  readonly label: string;
  /** Null: the client has none. */
  readonly secret: string | null;
}

export const CLIENT_SECRET_SAMPLE: ClientSecretValues = { id: 'ledger', label: 'Ledger', secret: '0123456789' };

/** Shows the secret of a client, once. */
export const CLIENT_SECRET = `<h1><bdi><%= it.label %></bdi></h1>
<p><%= it.t('admin-client.id') %></p><p class="code secret" id="client-id"><%= it.id %></p>
<% if (it.secret !== null) { %><p><%= it.t('admin-client-secret.secret') %></p><p class="code secret" id="client-secret"><%= it.secret %></p>
<p class="note"><%= it.t('admin-client-secret.once') %></p>
<% } %><p class="row"><a class="button" href="<%= it.path('/admin/ui/clients/' + encodeURIComponent(it.id)) %>"><%= it.t('admin-client-secret.kept') %></a></p>
`;

export interface ClientActValues {
  readonly client: ShownClient;
  readonly label: string;
  readonly act: 'secret' | 'delete';
  /** Hours that the old secret may stay good. */
  readonly overlaps: readonly number[];
  readonly problem: Refused | null;
}

export const CLIENT_ACT_SAMPLE: ClientActValues = {
  client: CLIENT,
  label: CLIENT.name,
  act: 'secret',
  overlaps: [0, 24],
  problem: PROBLEM,
};

export const CLIENT_ACT = `<p><a href="<%= ${PATH}) %>"><bdi><%= it.client.name %></bdi></a></p>
<h1><%= it.t('admin-client-act.' + it.act + '.title', { name: it.client.name }) %></h1>
<p><%= it.t('admin-client-act.' + it.act + '.what') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= ${PATH} + '/' + it.act) %>" class="narrow"><input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.act === 'secret') { %><div class="field"><label for="overlap"><%= it.t('admin-client-act.overlap') %></label><select id="overlap" name="overlap"><% for (const hours of it.overlaps) { %><option value="<%= hours %>"<% if (hours === 24) { %> selected<% } %>><%= hours === 0 ? it.t('admin-client-act.at-once') : it.t('admin-client-act.hours', { count: hours }) %></option><% } %></select></div>
<% } %><p class="row"><button id="<%= it.act %>"<% if (it.act === 'delete') { %> class="danger"<% } %>><%= it.t('admin-client-act.' + it.act + '.button') %></button><a class="button second" href="<%= ${PATH}) %>"><%= it.t('admin.cancel') %></a></p>
</form>
`;
