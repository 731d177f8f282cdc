import type { ProofPlace } from '../../../credentials/factor.js';
import type { Refused } from '../../../pages/page-view.js';
import { HEAD_SAMPLE, type HeadValues, USER_HEAD } from '../../../users/user-tabs.js';

/** A linked login, as it is shown. */
export interface ShownIdentity {
  readonly id: string;
  /** Display name of the provider; null: its connection is gone. */
  readonly provider: string | null;
  /** The subject's address at the provider when it was linked. */
  readonly email: string | null;
  readonly linkedAt: Date;
  readonly lastUsedAt: Date | null;
  /** Whether it lets the user in: its connection is there, and not disabled. */
  readonly isUsable: boolean;
}

export interface IdentitiesValues {
  readonly identities: readonly ShownIdentity[];
  /** The providers that can be linked. */
  readonly places: readonly ProofPlace[];
}

const IDENTITY: ShownIdentity = {
  id: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
  provider: 'Google',
  email: 'ada@example.com',
  linkedAt: new Date(0),
  lastUsedAt: new Date(0),
  isUsable: false,
};

export const IDENTITIES_SAMPLE: IdentitiesValues = {
  identities: [IDENTITY],
  places: [{ key: 'github', label: 'GitHub' }],
};

const NAME = `<strong><bdi><%= one.provider ?? it.t('federated.gone-provider') %></bdi></strong><% if (one.email !== null) { %> <span class="hint">(<bdi><%= one.email %></bdi>)</span><% } %><% if (!one.isUsable) { %> <span class="badge"><%= it.t('federated.unusable') %></span><% } %><br>
<span class="hint"><%= it.t('federated.since') %> <%~ it.date(one.linkedAt) %><% if (one.lastUsedAt !== null) { %> · <%= it.t('federated.used') %> <%~ it.date(one.lastUsedAt) %><% } %></span>`;

export const IDENTITIES = `<h1><%= it.title %></h1>
<p><%= it.t('account-identities.about') %></p>
<% if (it.identities.length === 0) { %><p class="note"><%= it.t('account-identities.none') %></p>
<% } else { %><ul class="list settings card">
<% for (const one of it.identities) { %><li class="row spread"><div>${NAME}</div>
<a class="button second" href="<%= it.path('/account/identities/' + one.id + '/unlink') %>" aria-label="<%= it.t('account-identities.unlink-of', { name: one.provider ?? it.t('federated.gone-provider') }) %>"><%= it.t('account-identities.unlink') %></a></li>
<% } %></ul>
<% } %><% if (it.places.length > 0) { %><h2><%= it.t('account-identities.link') %></h2>
<p><%= it.t('account-identities.link.about') %></p>
<form method="post" action="<%= it.path('/account/identities/link') %>" class="row">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% for (const place of it.places) { %><button class="second" name="place" value="<%= place.key %>"><%= it.t('account-identities.link-with', { name: place.label }) %></button>
<% } %></form>
<% } %>`;

export interface UnlinkValues {
  readonly identity: ShownIdentity;
  /** For the title. */
  readonly label: string;
  /** Whether the user is signed out by it: the session rests on this login. */
  readonly endsSession: boolean;
  readonly problem: Refused | null;
}

export const UNLINK_SAMPLE: UnlinkValues = {
  identity: IDENTITY,
  label: 'Google',
  endsSession: true,
  problem: { code: 'conflict', status: 409, fields: [], retryAfterSeconds: null },
};

export const UNLINK = `<p><a href="<%= it.path('/account/identities') %>"><%= it.t('account-identities.back') %></a></p>
<h1><%= it.title %></h1>
<%~ it.refusal(it.problem) %>
<p><%= it.t('account-identity-unlink.about', { name: it.label }) %></p>
<% if (it.endsSession) { %><p class="note"><%= it.t('account-identity-unlink.ends', { name: it.label }) %></p>
<% } %><form method="post" action="<%= it.path('/account/identities/' + it.identity.id + '/unlink') %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<p class="row"><button class="danger"><%= it.t('account-identities.unlink') %></button> <a class="button second" href="<%= it.path('/account/identities') %>"><%= it.t('account.cancel') %></a></p>
</form>
`;

export interface UserIdentitiesValues extends HeadValues {
  readonly identities: readonly ShownIdentity[];
}

export const USER_IDENTITIES_SAMPLE: UserIdentitiesValues = { ...HEAD_SAMPLE, identities: [IDENTITY] };

/** For admins. */
export const USER_IDENTITIES = `${USER_HEAD}
<% if (it.identities.length === 0) { %><p><%= it.t('admin-user-identities.none') %></p>
<% } else { %><ul class="list settings card">
<% for (const one of it.identities) { %><li>${NAME}</li>
<% } %></ul>
<% } %>`;
