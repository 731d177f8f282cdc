import type { Feature } from '../../config/feature.js';
import { PageTrial } from '../trial/page-trial.js';
import { Theme } from './theme.js';
import { themeOptions } from './theme-options.js';

/** How a team has the pages look. */
export const themeFeature: Feature = {
  name: 'theme',
  options: themeOptions,
  providers: [Theme, PageTrial],
};
