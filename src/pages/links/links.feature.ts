import type { Feature } from '../../config/feature.js';
import { defineTemplates } from '../define-templates.js';
import { LINK_DONE } from './link-done.template.js';
import { LinkPages } from './link-pages.js';
import { linksWords } from './links.words.js';

export const linksFeature: Feature = {
  name: 'links',
  pages: defineTemplates({ 'link-done': { source: LINK_DONE, sample: {} } }),
  words: linksWords,
  providers: [LinkPages],
};
