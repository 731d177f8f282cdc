import type { Refused } from '../../../pages/page-view.js';
import type { ConnectionDomainReply } from '../connections/connections.replies.js';
import type { ConnectionFields } from './connection-form.js';

export interface ShownConnection {
  readonly id: string;
  readonly slug: string;
  readonly kind: string;
  /** Display name of its provider. */
  readonly label: string;
  readonly issuer: string | null;
  readonly isOfFile: boolean;
  readonly isDisabled: boolean;
  /** Whether one of the file is used in its place. */
  readonly isShadowed: boolean;
  readonly domains: readonly ConnectionDomainReply[];
}

export interface ConnectionsValues {
  readonly connections: readonly ShownConnection[];
  readonly isFirst: boolean;
  /** Cursor of the next page; null: this is the last. */
  readonly next: string | null;
}

export interface ConnectionFormValues {
  readonly form: ConnectionFields;
  readonly kinds: readonly string[];
  readonly vouched: readonly string[];
  readonly problem: Refused | null;
}

export interface ConnectionValues extends ConnectionFormValues {
  readonly connection: ShownConnection;
  /** For the title. */
  readonly label: string;
  readonly redirectUri: string;
  readonly hasSecret: boolean;
  /** Of the form of domains. */
  readonly domain: string;
  readonly domainProblem: Refused | null;
}

const SHOWN: ShownConnection = {
  id: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
  slug: 'corp',
  kind: 'oidc',
  label: 'Corp',
  issuer: 'https://login.corp.example.com',
  isOfFile: false,
  isDisabled: true,
  isShadowed: true,
  domains: [
    {
      domain: 'corp.example.com',
      verifiedAt: null,
      record: { name: '_coatcheck.corp.example.com', value: 'coatcheck-connection=0W6nSmzv0l2yhbWcHn0M' },
    },
    { domain: 'example.com', verifiedAt: new Date(0), record: null },
  ],
};

const FORM: ConnectionFields = {
  kind: 'oidc',
  slug: 'corp',
  issuer: 'https://login.corp.example.com',
  baseUrl: '',
  clientId: 'coatcheck',
  clientSecret: '',
  label: 'Corp',
  isListed: true,
  jitProvisioning: true,
  vouchesForEmail: 'domains',
  vouchedDomains: 'example.com',
  trustsMfa: true,
  trustsNewLogin: false,
  enforced: true,
  enforcedExcept: '',
  scopes: 'openid email',
  roleClaim: 'groups',
  roles: 'staff = editor',
  rolesAtLogin: true,
  maxAgeSeconds: '28800',
  other: '{ "prompt": "login" }',
};

const problemOf = (field: string, rule: string): Refused => ({
  code: 'validation_failed',
  status: 400,
  fields: [{ field, rule, limit: 0 }],
  retryAfterSeconds: null,
});

export const CONNECTIONS_SAMPLE: ConnectionsValues = { connections: [SHOWN], isFirst: false, next: 'x' };
export const CONNECTION_NEW_SAMPLE: ConnectionFormValues = {
  form: FORM,
  kinds: ['oidc', 'google'],
  vouched: ['nothing', 'everything', 'domains'],
  problem: problemOf('issuer', 'fitsConnection'),
};
export const CONNECTION_SAMPLE: ConnectionValues = {
  ...CONNECTION_NEW_SAMPLE,
  connection: SHOWN,
  label: SHOWN.label,
  redirectUri: 'https://auth.example.com/auth/federated/corp/callback',
  hasSecret: true,
  domain: '',
  // A page has one refusal.
  domainProblem: null,
};

const PATH = `it.path('/admin/ui/connections/' + encodeURIComponent(it.connection.id)`;
const CSRF = `<input type="hidden" name="_csrf" value="<%= it.csrf %>">`;
const BACK = `<p><a href="<%= it.path('/admin/ui/connections') %>"><%= it.t('admin-connections.back') %></a></p>
`;
const BADGES = `<% if (one.isDisabled) { %> <span class="badge"><%= it.t('admin-connection.disabled') %></span><% } %><% if (one.isShadowed) { %> <span class="badge is-bad"><%= it.t('admin-connection.shadowed') %></span><% } %>`;

export const CONNECTIONS = `<h1><%= it.title %></h1>
<p><%= it.t('admin-connections.what') %></p>
<p class="row"><a class="button" href="<%= it.path('/admin/ui/connections/new') %>"><%= it.t('admin-connections.new') %></a></p>
<% if (it.connections.length === 0) { %><p><%= it.t('admin-connections.none') %></p>
<% } else { %><table class="table"><thead><tr><th scope="col"><%= it.t('admin-connection.connection') %></th><th scope="col"><%= it.t('admin-connection.kind') %></th><th scope="col"><%= it.t('admin-connection.domains') %></th><th scope="col"><%= it.t('admin-connection.origin') %></th></tr></thead>
<tbody><% for (const one of it.connections) { %><tr>
<th scope="row"><a href="<%= it.path('/admin/ui/connections/' + encodeURIComponent(one.id)) %>"><bdi><%= one.label %></bdi></a>${BADGES}<span class="hint code block"><%= one.slug %></span></th>
<td data-label="<%= it.t('admin-connection.kind') %>"><span><%= it.t('admin-connection.kind.' + one.kind) %><% if (one.issuer !== null) { %><span class="hint code block"><%= one.issuer %></span><% } %></span></td>
<td data-label="<%= it.t('admin-connection.domains') %>"><span><% for (const { domain, verifiedAt } of one.domains) { %><span class="block"><bdi><%= domain %></bdi><% if (verifiedAt === null && !one.isOfFile) { %> <span class="badge"><%= it.t('admin-connection.unproven') %></span><% } %></span><% } %></span></td>
<td data-label="<%= it.t('admin-connection.origin') %>"><%= it.t(one.isOfFile ? 'admin-connection.origin.file' : 'admin-connection.origin.admin') %></td></tr>
<% } %></tbody></table>
<% } %><% if (!it.isFirst || it.next !== null) { %><nav class="pager" aria-label="<%= it.t('admin-connections.pages') %>">
<% if (!it.isFirst) { %><a class="button second" href="<%= it.path('/admin/ui/connections') %>" data-swap><%= it.t('admin-connections.first') %></a><% } %>
<% if (it.next !== null) { %><a class="button second" href="<%= it.path('/admin/ui/connections?cursor=' + it.next) %>" data-swap><%= it.t('admin-connections.next') %></a><% } %>
</nav><% } %>
`;

type Field = keyof ConnectionFields;
const label = (name: Field) => `<label for="${name}"><%= it.t('admin-connection.${name}') %></label>`;
const hint = (name: Field) =>
  `<span class="hint" id="${name}-hint"><%= it.t('admin-connection.${name}.hint') %></span>`;
const about = (name: Field) =>
  `id="${name}" name="${name}" autocomplete="off" spellcheck="false" aria-describedby="${name}-hint"`;
const text = (name: Field, attributes = '') =>
  `<div class="field">${label(name)}<input ${about(name)} value="<%= it.form.${name} %>"${attributes}<%~ it.invalid(it.problem, '${name}') %>>${hint(name)}</div>
`;
const lines = (name: Field) =>
  `<div class="field">${label(name)}<textarea ${about(name)} rows="3" class="code"<%~ it.invalid(it.problem, '${name}') %>><%= it.form.${name} %></textarea>${hint(name)}</div>
`;
const tick = (name: Field) =>
  `<div class="check"><input id="${name}" name="${name}" type="checkbox" value="on" aria-describedby="${name}-hint"<% if (it.form.${name}) { %> checked<% } %>><label for="${name}"><%= it.t('admin-connection.${name}') %></label></div><p class="hint" id="${name}-hint"><%= it.t('admin-connection.${name}.hint') %></p>
`;

/** The secret is written, and never read. */
const SECRET = `<div class="field">${label('clientSecret')}<textarea ${about('clientSecret')} rows="2" class="code"<%~ it.invalid(it.problem, 'clientSecret') %>></textarea>${hint('clientSecret')}</div>
`;

const FIELDS = `${text('clientId', ' required')}${SECRET}${text('label')}${tick('isListed')}${tick('jitProvisioning')}<div class="field"><label for="vouchesForEmail"><%= it.t('admin-connection.vouchesForEmail') %></label><select id="vouchesForEmail" name="vouchesForEmail" aria-describedby="vouchesForEmail-hint"<%~ it.invalid(it.problem, 'vouchesForEmail') %>><% for (const one of it.vouched) { %><option value="<%= one %>"<% if (one === it.form.vouchesForEmail) { %> selected<% } %>><%= it.t('admin-connection.vouchesForEmail.' + one) %></option><% } %></select>${hint('vouchesForEmail')}</div>
${lines('vouchedDomains')}${tick('trustsMfa')}${tick('trustsNewLogin')}${tick('enforced')}<details<% if (it.problem) { %> open<% } %>><summary><%= it.t('admin-connection.more') %></summary>
${lines('enforcedExcept')}${text('scopes')}${text('roleClaim')}${lines('roles')}${tick('rolesAtLogin')}${text('maxAgeSeconds', ' inputmode="numeric"')}${lines('other')}</details>
`;

export const CONNECTION_NEW = `${BACK}<h1><%= it.title %></h1>
<p><%= it.t('admin-connection-new.what') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.path('/admin/ui/connections/new') %>" class="narrow" id="connection">
${CSRF}
<div class="field"><label for="kind"><%= it.t('admin-connection.kind') %></label><select id="kind" name="kind"<%~ it.invalid(it.problem, 'kind') %>><% for (const one of it.kinds) { %><option value="<%= one %>"<% if (one === it.form.kind) { %> selected<% } %>><%= it.t('admin-connection.kind.' + one) %></option><% } %></select></div>
${text('slug', ' required')}${text('issuer')}${text('baseUrl')}${FIELDS}<p class="row"><button id="create"><%= it.t('admin-connection-new.create') %></button><a class="button second" href="<%= it.path('/admin/ui/connections') %>"><%= it.t('admin.cancel') %></a></p>
</form>
`;

const DOMAINS = `<h2 id="domains"><%= it.t('admin-connection.domains') %></h2>
<p><%= it.t('admin-connection.domains.what') %></p>
<% if (it.connection.domains.length > 0) { %><ul class="list settings card">
<% for (const one of it.connection.domains) { %><li class="row spread"><div><strong><bdi><%= one.domain %></bdi></strong> <% if (it.connection.isOfFile || one.verifiedAt !== null) { %><span class="badge is-good"><%= it.t('admin-connection.proven') %></span><% } else { %><span class="badge"><%= it.t('admin-connection.unproven') %></span>
<p><%= it.t('admin-connection.record') %></p><p class="code"><%= one.record.name %></p><p class="code"><%= one.record.value %></p><% } %></div>
<% if (!it.connection.isOfFile) { %><div class="row actions"><% if (one.verifiedAt === null) { %><form method="post" action="<%= ${PATH} + '/domains') %>">${CSRF}<input type="hidden" name="domain" value="<%= one.domain %>"><button class="second" aria-label="<%= it.t('admin-connection.check-of', { name: one.domain }) %>"><%= it.t('admin-connection.check') %></button></form>
<% } %><form method="post" action="<%= ${PATH} + '/domains/remove') %>">${CSRF}<input type="hidden" name="domain" value="<%= one.domain %>"><button class="second" aria-label="<%= it.t('admin-connection.remove-of', { name: one.domain }) %>"><%= it.t('admin-connection.remove') %></button></form></div>
<% } %></li>
<% } %></ul>
<% } %><% if (!it.connection.isOfFile) { %><%~ it.refusal(it.domainProblem) %>
<form method="post" action="<%= ${PATH} + '/domains') %>" class="narrow" id="add-domain">
${CSRF}
<div class="field"><label for="domain"><%= it.t('admin-connection.domain') %></label><input id="domain" name="domain" value="<%= it.domain %>" maxlength="253" required autocomplete="off" spellcheck="false"<%~ it.invalid(it.domainProblem, 'domain') %>></div>
<div class="check"><input id="proof" name="proof" type="checkbox" value="admin"><label for="proof"><%= it.t('admin-connection.proof') %></label></div>
<p class="row"><button class="second"><%= it.t('admin-connection.add-domain') %></button></p>
</form>
<% } %>`;

export const CONNECTION_PAGE = `${BACK}<% const one = it.connection; %><h1><bdi><%= one.label %></bdi>${BADGES}</h1>
<dl><dt><%= it.t('admin-connection.kind') %></dt><dd><%= it.t('admin-connection.kind.' + one.kind) %></dd>
<dt><%= it.t('admin-connection.slug') %></dt><dd class="code"><%= one.slug %></dd>
<% if (one.issuer !== null) { %><dt><%= it.t('admin-connection.issuer') %></dt><dd class="code"><%= one.issuer %></dd>
<% } %><dt><%= it.t('admin-connection.redirect') %></dt><dd class="code" id="redirect-uri"><%= it.redirectUri %></dd>
<dt><%= it.t('admin-connection.clientSecret') %></dt><dd><%= it.t(it.hasSecret ? 'admin-connection.secret.set' : 'admin-connection.secret.none') %></dd></dl>
<% if (one.isShadowed) { %><p class="note"><%= it.t('admin-connection.shadowed.about') %></p>
<% } %><% if (one.isOfFile) { %><p class="note"><%= it.t('admin-connection.of-file') %></p>
<% } else { %><div class="row"><a class="button second" href="<%= ${PATH} + (one.isDisabled ? '/enable' : '/disable')) %>"><%= it.t(one.isDisabled ? 'admin-connection.enable' : 'admin-connection.disable') %></a>
<a class="button second" href="<%= ${PATH} + '/delete') %>"><%= it.t('admin-connection.delete') %></a></div>
<% } %>${DOMAINS}<% if (!one.isOfFile) { %><h2><%= it.t('admin-connection.settings') %></h2>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= ${PATH}) %>" class="narrow" id="connection">
${CSRF}
${FIELDS}<p class="row"><button id="save"><%= it.t('admin-connection.save') %></button></p>
</form>
<% } %>`;

export interface ConnectionActValues {
  readonly connection: ShownConnection;
  readonly label: string;
  readonly act: 'disable' | 'enable' | 'delete';
  /** Linked logins. */
  readonly count: number;
  readonly problem: Refused | null;
}

export const CONNECTION_ACT_SAMPLE: ConnectionActValues = {
  connection: CONNECTION_SAMPLE.connection,
  label: 'Corp',
  act: 'delete',
  count: 14,
  problem: null,
};

export const CONNECTION_ACT = `<p><a href="<%= ${PATH}) %>"><bdi><%= it.label %></bdi></a></p>
<h1><%= it.t('admin-connection-act.' + it.act + '.title', { name: it.label }) %></h1>
<%~ it.refusal(it.problem) %>
<p><%= it.t('admin-connection-act.' + it.act + '.what') %></p>
<p><strong><%= it.t('admin-connection-act.linked', { count: it.count }) %></strong></p>
<form method="post" action="<%= ${PATH} + '/' + it.act) %>">
${CSRF}
<p class="row"><button<% if (it.act !== 'enable') { %> class="danger"<% } %>><%= it.t('admin-connection-act.' + it.act + '.button') %></button> <a class="button second" href="<%= ${PATH}) %>"><%= it.t('admin.cancel') %></a></p>
</form>
`;
