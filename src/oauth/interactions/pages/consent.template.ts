/** A scope as a person is asked for it. */
export interface ShownScope {
  readonly name: string;
  /** Word that says what it lets the client do; null: {@link text} says it. */
  readonly word: string | null;
  /** In the words of the API's operator; null: see {@link word}. */
  readonly text: string | null;
  /** Whether it can be left out. */
  readonly isChoice: boolean;
}

/** The part of a request that concerns one API, or the account. */
export interface ShownResource {
  /** Null: the account here. */
  readonly name: string | null;
  readonly uri: string | null;
  readonly scopes: readonly ShownScope[];
}

export interface ConsentValues {
  readonly uid: string;
  readonly client: string;
  /** Host that the client is known by; null: it says none. */
  readonly clientHost: string | null;
  /** Where the answer goes: a host, or the name of a scheme. Null: to a device. */
  readonly redirectHost: string | null;
  /** Whether that is this very computer. */
  readonly isLocal: boolean;
  /** Whether the client has registered itself: no admin here has looked at it. */
  readonly isUnknown: boolean;
  /** When it did; null: it is known by a document of its own, or has not. */
  readonly registeredAt: Date | null;
  /** Whether the access goes on after a sign-out though no scope says so: a program on the user's device has it. */
  readonly isLasting: boolean;
  readonly who: string;
  readonly resources: readonly ShownResource[];
  /** Scopes that the user may not hand out. */
  readonly refused: readonly string[];
}

export const CONSENT_SAMPLE: ConsentValues = {
  uid: 'uid',
  client: 'Ledger',
  clientHost: 'ledger.example.com',
  redirectHost: 'localhost',
  isLocal: true,
  isUnknown: true,
  registeredAt: new Date(0),
  isLasting: true,
  who: 'ada@example.com',
  resources: [
    {
      name: null,
      uri: null,
      scopes: [
        { name: 'openid', word: 'oauth-scope.openid', text: null, isChoice: false },
        { name: 'offline_access', word: 'oauth-scope.offline_access', text: null, isChoice: true },
      ],
    },
    {
      name: 'Orders',
      uri: 'https://orders.example.com/',
      scopes: [{ name: 'orders:read', word: null, text: 'Read your orders', isChoice: true }],
    },
  ],
  refused: ['orders:write'],
};

const FORM = `it.route('/oauth/interaction/' + it.uid`;

/** Fields: `scope` (one checkbox for each), button `accept` with the value `yes` or `no`. */
export const CONSENT = `<h1><%= it.title %></h1>
<p><strong><bdi><%= it.client %></bdi></strong><% if (it.clientHost) { %> <span class="hint">(<bdi><%= it.clientHost %></bdi>)</span><% } %> <%= it.t('oauth-consent.wants') %></p>
<% if (it.isUnknown) { %><p class="note"><%= it.t('oauth-consent.unknown') %><% if (it.registeredAt !== null) { %> <%= it.t('oauth-consent.registered') %> <%~ it.date(it.registeredAt) %><% } %></p>
<% } %><% if (it.isLocal) { %><p class="note"><%= it.t('oauth-consent.local') %></p>
<% } %><form method="post" action="<%= ${FORM} + '/consent/form') %>" id="consent">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% for (const [n, resource] of it.resources.entries()) { %><fieldset class="stack"><legend><% if (resource.name === null) { %><%= it.t('oauth-consent.account') %><% } else { %><bdi><%= resource.name %></bdi><% if (resource.name !== resource.uri) { %> <span class="hint code"><%= resource.uri %></span><% } %><% } %></legend>
<% for (const [m, scope] of resource.scopes.entries()) { const id = 'scope-' + n + '-' + m; const said = scope.word === null ? scope.text : it.t(scope.word); %><div class="check"><input id="<%= id %>" name="scope" type="checkbox" value="<%= scope.name %>" checked<% if (!scope.isChoice) { %> disabled<% } %>><label for="<%= id %>"><%= said %></label></div>
<% } %></fieldset>
<% } %><% if (it.refused.length > 0) { %><p class="hint"><%= it.t('oauth-consent.refused') %> <span class="code"><%= it.refused.join(', ') %></span></p>
<% } %><p><% if (it.redirectHost === null) { %><%= it.t('oauth-consent.to-device') %><% } else { %><%= it.t('oauth-consent.leads') %> <strong><bdi><%= it.redirectHost %></bdi></strong><% } %></p>
<p class="hint"><% if (it.isLasting) { %><%= it.t('oauth-consent.lasting') %> <% } %><%= it.t('oauth-consent.later') %></p>
<button name="accept" value="yes" id="accept"><%= it.t('oauth-consent.accept') %></button>
<button name="accept" value="no" id="deny" class="second"><%= it.t('oauth-consent.deny') %></button>
</form>
<form method="post" action="<%= ${FORM} + '/switch/form') %>" class="row">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<span class="hint"><%= it.t('oauth-consent.as', { who: it.who }) %></span> <button name="switch" id="switch" value="yes" class="link"><%= it.t('oauth-consent.not-you') %></button>
</form>
`;
