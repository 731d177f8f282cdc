import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { ConfigurationError } from '../../config/configuration-error.js';
import { coreOptions } from '../../config/core-options.js';
import type { ConfigurationProblem } from '../../config/option-section.js';
import { Options } from '../../config/options.js';
import { Assets } from '../assets/assets.js';
import { PAGES_CSS } from '../assets/pages.css.js';
import { DeclaredPages } from '../define-templates.js';
import { readBrand } from './brand.js';
import { readPageTemplates } from './template-folder.js';
import { contrastProblems } from './theme-contrast.js';
import { cssOf, readTokens, type Tokens } from './theme-css.js';
import { themeOptions } from './theme-options.js';

/** Name of the template around every page. */
export const LAYOUT_NAME = 'layout';

/** How a team has the pages look: its name, logo, colours and templates. */
@Injectable()
export class Theme {
  /** The name of the application on its pages. */
  readonly site: string;
  /** Name of the asset; null: there is no logo. */
  readonly logo: string | null;
  /** By name of the page, and `layout`: sources that replace the built-in ones. */
  readonly templates: ReadonlyMap<string, string>;

  /** Adds logo and colours to the assets. @throws ConfigurationError for all that is wrong with it, at once */
  constructor(declared: DeclaredPages, assets: Assets, options: Options) {
    const { pagesBrand, pagesTheme, pagesTemplates } = options.of(themeOptions);
    const problems: ConfigurationProblem[] = [];
    const tokens = pagesTheme ? readTheme(pagesTheme, problems) : new Map();
    const brand = readBrand(pagesBrand, tokens, problems);
    problems.push(...contrastProblems(tokens, new Map([...brand.tokens, ...tokens])));
    this.templates = readPageTemplates(pagesTemplates, [...declared.keys(), LAYOUT_NAME], problems);
    if (problems.length > 0) throw new ConfigurationError(problems);
    this.site = brand.name ?? new URL(options.of(coreOptions).publicUrl).hostname;
    this.logo = brand.logo?.file ?? null;
    if (brand.logo) assets.add(brand.logo.file, brand.logo.content);
    const css = cssOf(brand.tokens) + cssOf(tokens);
    if (css !== '') assets.add('pages.css', PAGES_CSS + css);
  }
}

function readTheme(file: string, problems: ConfigurationProblem[]): Tokens {
  try {
    return readTokens(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), problems);
  } catch (error) {
    const problem = `cannot be read (${(error as NodeJS.ErrnoException).code})`;
    problems.push({ option: 'pagesTheme', problem, remedy: 'set it to a CSS file' });
    return new Map();
  }
}
