import { Injectable } from '@nestjs/common';
import { Eta } from 'eta';
import { ConfigurationError } from '../../config/configuration-error.js';
import { Catalogue } from '../../languages/catalogue.js';
import { Assets } from '../assets/assets.js';
import { DeclaredPages } from '../define-templates.js';
import { LAYOUT } from '../layout.template.js';
import { strictValues } from '../strict-values.js';
import { LAYOUT_NAME, Theme } from '../theme/theme.js';
import { sampleCommon, sampleLayout, type TrialMeans, type TrialSubject } from './sample-values.js';

/** A page as it was tried. */
export interface TriedPage {
  readonly name: string;
  readonly language: string;
  /** Null where it could not be written. */
  readonly html: string | null;
  /** The template that was written last: its own, or `layout`. */
  readonly source: string;
  /** Why; null where it could. */
  readonly problem: string | null;
}

/** Writes every page with its sample values. Those of a team are tried at the start. */
@Injectable()
export class PageTrial {
  private readonly eta = new Eta({ autoEscape: true, autoTrim: false });
  private readonly means: TrialMeans;

  /** @throws ConfigurationError for a template of a team that is broken, or uses a value that it does not get */
  constructor(
    private readonly declared: DeclaredPages,
    catalogue: Catalogue,
    assets: Assets,
    theme: Theme,
  ) {
    this.means = { catalogue, assets, theme };
    const own = theme.templates.has(LAYOUT_NAME) ? [...declared.keys()] : [...theme.templates.keys()];
    const broken = new Map<string, string>();
    for (const { source, problem } of this.tryPages(own).reverse()) if (problem !== null) broken.set(source, problem);
    if (broken.size === 0) return;
    throw new ConfigurationError(
      [...broken.values()].map((problem) => ({
        option: 'pagesTemplates',
        problem: `contains a broken template: ${problem}`,
        remedy: 'correct that template, or remove it; `npx coatcheck pages check` tries all of them',
      })),
    );
  }

  /** Every page in every language. @param names only these; default: all */
  tryPages(names: readonly string[] = [...this.declared.keys()]): TriedPage[] {
    return names.flatMap((name) => {
      const template = this.declared.get(name)!;
      return this.means.catalogue.languages.map((language) => this.tryPage({ name, template, language }));
    });
  }

  private tryPage(subject: TrialSubject): TriedPage {
    const { name, language, template } = subject;
    const { templates } = this.means.theme;
    let source = name;
    try {
      const given = sampleCommon(subject, this.means);
      const body = this.write(templates.get(name) ?? template.source, { ...template.sample, ...given });
      source = LAYOUT_NAME;
      const layout = sampleLayout(subject, this.means, { body, given });
      const html = this.write(templates.get(LAYOUT_NAME) ?? LAYOUT, { ...given, ...layout });
      return { name, language, html, source, problem: null };
    } catch (error) {
      return {
        name,
        language,
        source,
        html: null,
        problem: `${source}.eta in ${language}: ${(error as Error).message}`,
      };
    }
  }

  private write(source: string, values: object): string {
    return this.eta.render(this.eta.compile(source), strictValues(values));
  }
}
