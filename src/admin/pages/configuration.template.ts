import type { ShownSection } from '../../config/options.js';

export interface ConfigurationValues {
  /** With the word that is the title; null for a group of the application's own, whose title has one language. */
  readonly sections: readonly (ShownSection & { readonly word: string | null })[];
}

export const CONFIGURATION_SAMPLE: ConfigurationValues = {
  sections: [
    {
      title: 'Sessions',
      word: 'admin-configuration.group.sessions',
      options: [
        { name: 'SESSION_IDLE_SECONDS', description: 'Idle lifetime.', isDefault: true, isSet: true, value: '604800' },
        { name: 'SECRET_KEY', description: 'Key.', isDefault: false, isSet: true, value: null },
        { name: 'MAIL_URL', description: 'Server.', isDefault: true, isSet: false, value: null },
      ],
    },
  ],
};

/** The descriptions of options are those of the reference, which is English. */
export const CONFIGURATION = `
<h1><%= it.title %></h1>
<p><%= it.t('admin-configuration.what') %></p>
<% for (const section of it.sections) { %><details class="section"><summary><% if (section.word) { %><%= it.t(section.word) %><% } else { %><span lang="en"><%= section.title %></span><% } %> <% if (section.options.some((option) => !option.isDefault)) { %><span class="hint"><%= it.t('admin-configuration.changed', { count: section.options.filter((option) => !option.isDefault).length }) %></span><% } %></summary>
<table class="table"><thead><tr><th scope="col"><%= it.t('admin-configuration.option') %></th><th scope="col"><%= it.t('admin-configuration.value') %></th><th scope="col"><%= it.t('admin-configuration.from') %></th></tr></thead>
<tbody><% for (const option of section.options) { %><tr>
<th scope="row"><span class="code"><%= option.name %></span><span class="hint block" lang="en"><%= option.description %></span></th>
<td data-label="<%= it.t('admin-configuration.value') %>"><% if (option.value !== null) { %><span class="code"><%= option.value %></span><% } else { %><%= it.t(option.isSet ? 'admin-configuration.set' : 'admin-configuration.not-set') %><% } %></td>
<td data-label="<%= it.t('admin-configuration.from') %>"><%= it.t(option.isDefault ? 'admin-configuration.default' : 'admin-configuration.given') %></td></tr>
<% } %></tbody></table></details>
<% } %>
<h2><%= it.t('admin-end-everything.title') %></h2>
<p><%= it.t('admin-end-everything.when') %></p>
<p><a class="button danger" href="<%= it.path('/admin/ui/end-everything') %>"><%= it.t('admin-end-everything.title') %></a></p>
`;
