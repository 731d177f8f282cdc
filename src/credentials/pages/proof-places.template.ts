import type { OfferedPlaces, PlacesToConfirm } from './proof-places.js';

export const OFFERED_SAMPLE: readonly OfferedPlaces[] = [
  { factor: 'federated', listed: [{ key: 'google', label: 'Google' }], areFoundByAddress: true },
];

/** Buttons that lead elsewhere to begin a login, for a page with the values `offered` and `returnTo`. */
export const OFFERED = `<% if (it.offered.length > 0) { %><p class="or"><%= it.t('sign-in.or') %></p>
<% for (const { factor, listed, areFoundByAddress } of it.offered) { %><% if (listed.length > 0) { %><form method="post" action="<%= it.path('/sign-in/' + factor) %>" class="stack">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.returnTo !== null) { %><input type="hidden" name="return" value="<%= it.returnTo %>">
<% } %><% for (const place of listed) { %><button class="second" name="place" value="<%= place.key %>"><%= it.t(factor + '.continue-with', { name: place.label }) %></button>
<% } %></form>
<% } %><% if (areFoundByAddress) { %><a class="button second" href="<%= it.path('/sign-in/' + factor) %><% if (it.returnTo !== null) { %>?return=<%= encodeURIComponent(it.returnTo) %><% } %>"><%= it.t(factor + '.by-address') %></a>
<% } %><% } %><% } %>`;

export const ELSEWHERE_SAMPLE: readonly PlacesToConfirm[] = [
  { factor: 'federated', places: [{ key: 'google', label: 'Google' }] },
];

/** Buttons that lead elsewhere to prove a factor anew, for a page with the values `elsewhere` and `returnTo`. */
export const CONFIRM_ELSEWHERE = `<% for (const { factor, places } of it.elsewhere) { %><form method="post" action="<%= it.path('/confirm/' + factor) %>" class="stack">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<% if (it.returnTo !== null) { %><input type="hidden" name="return" value="<%= it.returnTo %>">
<% } %><% for (const place of places) { %><button class="second" name="place" value="<%= place.key %>"><%= it.t(factor + '.confirm-with', { name: place.label }) %></button>
<% } %></form>
<% } %>`;
