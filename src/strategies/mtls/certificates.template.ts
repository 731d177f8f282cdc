import type { Refused } from '../../pages/page-view.js';
import { HEAD_SAMPLE, type HeadValues, USER_HEAD } from '../../users/user-tabs.js';
import { NAME_KINDS, type NameKind } from './certificate-names.js';

export interface UserCertificatesValues extends HeadValues {
  readonly names: readonly {
    readonly id: string;
    readonly anchor: string;
    readonly kind: NameKind;
    readonly value: string;
    readonly scopes: readonly string[];
  }[];
  /** At most 100, the most recent first. */
  readonly certificates: readonly {
    readonly anchor: string;
    readonly issuer: string;
    readonly serialNumber: string;
    readonly subject: string | null;
    readonly notAfter: Date | null;
    readonly firstUsedAt: Date | null;
    readonly revokedAt: Date | null;
  }[];
  readonly kinds: readonly NameKind[];
  readonly form: { readonly anchor: string; readonly kind: NameKind; readonly value: string; readonly scopes: string };
  readonly problem: Refused | null;
}

export const USER_CERTIFICATES_SAMPLE: UserCertificatesValues = {
  ...HEAD_SAMPLE,
  names: [
    {
      id: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e10',
      anchor: 'default',
      kind: 'spiffe',
      value: 'spiffe://example.org/orders',
      scopes: ['orders:read'],
    },
  ],
  certificates: [
    {
      anchor: 'default',
      issuer: 'CN=Example CA, O=Example',
      serialNumber: '4f2a',
      subject: 'CN=orders',
      notAfter: new Date('2027-11-21T09:00:00Z'),
      firstUsedAt: new Date('2026-11-21T09:00:00Z'),
      revokedAt: null,
    },
  ],
  kinds: NAME_KINDS,
  form: { anchor: 'default', kind: 'dns', value: '', scopes: '' },
  problem: { code: 'conflict', status: 409, fields: [], retryAfterSeconds: null },
};

const HERE = `it.path('/admin/ui/users/' + it.head.id + '/certificates'`;
const CSRF = `<input type="hidden" name="_csrf" value="<%= it.csrf %>">`;

export const USER_CERTIFICATES = `${USER_HEAD}
<h2><%= it.t('admin-user-certificates.names') %></h2>
<p><%= it.t('admin-user-certificates.what') %></p>
<% if (it.names.length === 0) { %><p><%= it.t('admin-user-certificates.no-names') %></p>
<% } else { %><table class="table"><thead><tr><th scope="col"><%= it.t('admin-user-certificates.value') %></th><th scope="col"><%= it.t('admin-user-certificates.kind') %></th><th scope="col"><%= it.t('admin-user-certificates.anchor') %></th><th scope="col"><%= it.t('admin-user-certificates.scopes') %></th><td></td></tr></thead>
<tbody><% for (const name of it.names) { %><tr>
<th scope="row"><span class="code"><%= name.value %></span></th>
<td data-label="<%= it.t('admin-user-certificates.kind') %>"><%= name.kind %></td>
<td data-label="<%= it.t('admin-user-certificates.anchor') %>"><%= name.anchor %></td>
<td data-label="<%= it.t('admin-user-certificates.scopes') %>"><%= name.scopes.join(', ') || '–' %></td>
<td><form method="post" action="<%= ${HERE} + '/names/' + name.id + '/remove') %>">${CSRF}<button class="second"><%= it.t('admin-user-certificates.remove') %></button></form></td></tr>
<% } %></tbody></table>
<% } %><h2><%= it.t('admin-user-certificates.add-title') %></h2>
<% if (it.problem) { %><%~ it.refusal(it.problem) %><% } %>
<form method="post" action="<%= ${HERE} + '/names') %>" class="narrow">${CSRF}
<div class="field"><label for="kind"><%= it.t('admin-user-certificates.kind') %></label><select id="kind" name="kind"><% for (const kind of it.kinds) { %><option<% if (kind === it.form.kind) { %> selected<% } %>><%= kind %></option><% } %></select></div>
<div class="field"><label for="value"><%= it.t('admin-user-certificates.value') %></label><input id="value" name="value" required maxlength="2048" autocomplete="off" spellcheck="false" value="<%= it.form.value %>"></div>
<div class="field"><label for="anchor"><%= it.t('admin-user-certificates.anchor') %></label><input id="anchor" name="anchor" required maxlength="40" autocomplete="off" spellcheck="false" value="<%= it.form.anchor %>"></div>
<div class="field"><label for="scopes"><%= it.t('admin-user-certificates.scopes') %></label><input id="scopes" name="scopes" autocomplete="off" spellcheck="false" value="<%= it.form.scopes %>"></div>
<button><%= it.t('admin-user-certificates.add') %></button></form>
<h2><%= it.t('admin-user-certificates.used') %></h2>
<% if (it.certificates.length === 0) { %><p><%= it.t('admin-user-certificates.none-used') %></p>
<% } else { %><table class="table"><thead><tr><th scope="col"><%= it.t('admin-user-certificates.certificate') %></th><th scope="col"><%= it.t('admin-user-certificates.first-used') %></th><th scope="col"><%= it.t('admin-user-certificates.expires') %></th><td></td></tr></thead>
<tbody><% for (const one of it.certificates) { %><tr>
<th scope="row"><span class="code"><%= one.subject ?? one.serialNumber %></span><span class="hint code block"><%= one.serialNumber %>, <%= one.issuer %></span></th>
<td data-label="<%= it.t('admin-user-certificates.first-used') %>"><% if (one.firstUsedAt === null) { %>–<% } else { %><%~ it.date(one.firstUsedAt) %><% } %></td>
<td data-label="<%= it.t('admin-user-certificates.expires') %>"><% if (one.notAfter === null) { %>–<% } else { %><%~ it.date(one.notAfter) %><% } %></td>
<td><% if (one.revokedAt !== null) { %><%= it.t('admin-user-certificates.revoked-at') %> <%~ it.date(one.revokedAt) %><% } else { %><form method="post" action="<%= ${HERE} + '/revoke') %>">${CSRF}<input type="hidden" name="anchor" value="<%= one.anchor %>"><input type="hidden" name="issuer" value="<%= one.issuer %>"><input type="hidden" name="serialNumber" value="<%= one.serialNumber %>"><button class="second"><%= it.t('admin-user-certificates.revoke') %></button></form><% } %></td></tr>
<% } %></tbody></table>
<% } %>`;
