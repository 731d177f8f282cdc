/** Why a code will not do: a word `oauth-device.<problem>`. */
export type DeviceProblem = 'wrong' | 'expired' | 'used' | 'missing' | 'too-many' | 'failed';

export interface DeviceValues {
  /** Where the form goes. */
  readonly action: string;
  readonly xsrf: string;
  readonly userCode: string;
  readonly problem: DeviceProblem | null;
}

export const DEVICE_SAMPLE: DeviceValues = {
  action: '/oauth/device',
  xsrf: '3f6c1d52',
  userCode: 'WDJB-MJHT',
  problem: 'wrong',
};

/** Field `user_code`. */
export const DEVICE = `<h1><%= it.title %></h1>
<% if (it.problem !== null) { %><p class="problem" role="alert" id="refusal"><%= it.t('oauth-device.' + it.problem) %></p>
<% } %><p><%= it.t('oauth-device.what') %></p>
<form method="post" action="<%= it.action %>" id="device">
<input type="hidden" name="xsrf" value="<%= it.xsrf %>">
<div class="field"><label for="user_code"><%= it.t('oauth-device.code') %></label>
<input id="user_code" name="user_code" class="code" value="<%= it.userCode %>" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="32" required autofocus<% if (it.problem !== null) { %> aria-invalid="true" aria-describedby="refusal"<% } %>></div>
<button id="submit"><%= it.t('oauth-device.submit') %></button>
</form>
<p class="hint"><%= it.t('oauth-device.warning') %></p>
`;

export interface DeviceConfirmValues {
  readonly action: string;
  readonly xsrf: string;
  /** As the device shows it. */
  readonly userCode: string;
  readonly client: string;
  readonly clientHost: string | null;
  /** Where the device asked from; null: unknown. */
  readonly ip: string | null;
}

export const DEVICE_CONFIRM_SAMPLE: DeviceConfirmValues = {
  action: '/oauth/device',
  xsrf: '3f6c1d52',
  userCode: 'WDJB-MJHT',
  client: 'Ledger for the terminal',
  clientHost: 'ledger.example.com',
  ip: '192.0.2.7',
};

/** Buttons `confirm` and `abort`, each with the value `yes`. */
export const DEVICE_CONFIRM = `<h1><%= it.title %></h1>
<p><strong><bdi><%= it.client %></bdi></strong><% if (it.clientHost) { %> <span class="hint">(<bdi><%= it.clientHost %></bdi>)</span><% } %> <%= it.t('oauth-device-confirm.wants') %></p>
<p><%= it.t('oauth-device-confirm.same') %></p>
<p class="code secret" id="shown-code"><%= it.userCode %></p>
<% if (it.ip !== null) { %><p class="hint"><%= it.t('oauth-device-confirm.from', { ip: it.ip }) %></p>
<% } %><p class="note"><%= it.t('oauth-device-confirm.warning') %></p>
<form method="post" action="<%= it.action %>" id="device-confirm">
<input type="hidden" name="xsrf" value="<%= it.xsrf %>">
<input type="hidden" name="user_code" value="<%= it.userCode %>">
<button name="confirm" id="confirm" value="yes"><%= it.t('oauth-device-confirm.submit') %></button>
<button name="abort" id="abort" value="yes" class="second"><%= it.t('oauth-device-confirm.abort') %></button>
</form>
`;

export interface DeviceDoneValues {
  readonly client: string | null;
  readonly isRefused: boolean;
}

export const DEVICE_DONE_SAMPLE: DeviceDoneValues = { client: 'Ledger for the terminal', isRefused: false };

export const DEVICE_DONE = `<h1><%= it.t(it.isRefused ? 'oauth-device-done.refused-title' : 'oauth-device-done.title') %></h1>
<p><% if (it.isRefused) { %><%= it.t('oauth-device-done.refused') %><% } else { %><% if (it.client !== null) { %><strong><bdi><%= it.client %></bdi></strong> <% } %><%= it.t('oauth-device-done.done') %><% } %></p>
<p class="hint"><%= it.t('oauth-device-done.close') %></p>
`;
