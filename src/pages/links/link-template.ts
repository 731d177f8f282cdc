import type { PageTemplate } from '../define-templates.js';
import { newPasswordField } from '../new-password.template.js';
import type { Refused } from '../page-view.js';

/** The state of a link's page: its form, or why there is none. */
export type LinkState = 'open' | 'incomplete' | 'spent';

export interface LinkValues {
  readonly state: LinkState;
  /** Null unless the form is shown. */
  readonly token: string | null;
  /** Where the form goes, relative to the page. */
  readonly action: string;
  /** Why the password that was sent will not do; null: none was sent, or there is no field for one. */
  readonly problem: Refused | null;
  /** Path of the hint on a password that is being typed; null without pages. */
  readonly hintPath: string | null;
}

export interface LinkShape {
  /** Whether there is a field for a new password. */
  readonly hasPassword?: boolean;
  /** Page at which to request another link, with a slash before it; its label is the word `<name>.again`. */
  readonly again?: string;
}

const SAMPLE: LinkValues = {
  state: 'open',
  token: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ',
  action: 'verify/form',
  problem: null,
  hintPath: '/password-hint',
};

/** The template of a mailed link, whose words begin with `name`. */
export function linkTemplate(name: string, { hasPassword = false, again }: LinkShape = {}): PageTemplate<LinkValues> {
  const source = `<h1><%= it.title %></h1>
<% if (it.state === 'open') { %><p><%= it.t('${name}.lead') %></p>
<%~ it.refusal(it.problem) %>
<form method="post" action="<%= it.action %>">
<input type="hidden" name="_csrf" value="<%= it.csrf %>">
<input type="hidden" name="token" value="<%= it.token %>">
${hasPassword ? newPasswordField({ isFirst: true }) : ''}<button><%= it.t('${name}.button') %></button>
</form>
<% } else { %><p class="problem" role="alert"><%= it.t(it.state === 'spent' ? '${name}.spent' : 'link.incomplete') %></p>
${again ? `<% if (it.hasPages) { %><a class="button second" href="<%= it.path('${again}') %>"><%= it.t('${name}.again') %></a><% } %>` : ''}
<% } %>`;
  return { source, sample: SAMPLE, scripts: hasPassword ? ['link.js', 'password-hint.js'] : ['link.js'] };
}
