export interface OAuthProblemValues {
  /** Word that says what happened. */
  readonly said: string;
  /** Code of the error, as the protocol has it; null: there is none. */
  readonly code: string | null;
  /** Details for the developers of the client; null: none. */
  readonly detail: string | null;
  readonly requestId: string;
}

export const OAUTH_PROBLEM_SAMPLE: OAuthProblemValues = {
  said: 'oauth-problem.client',
  code: 'invalid_redirect_uri',
  detail: "redirect_uri did not match any of the client's registered redirect_uris",
  requestId: '3f6c1d52',
};

export const OAUTH_PROBLEM = `<h1><%= it.title %></h1>
<p class="problem" role="alert"><%= it.t(it.said) %></p>
<p><%= it.t('oauth-problem.do') %></p>
<% if (it.code !== null) { %><details><summary><%= it.t('oauth-problem.details') %></summary><p class="code" id="error"><%= it.code %></p><% if (it.detail !== null) { %><p id="error-description"><%= it.detail %></p><% } %></details>
<% } %><p class="hint"><%= it.t('problem.request') %> <span class="code"><%= it.requestId %></span></p>
`;
