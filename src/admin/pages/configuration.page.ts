import { Get } from '@nestjs/common';
import { Options } from '../../config/options.js';
import { Catalogue } from '../../languages/catalogue.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, view } from '../../pages/page-view.js';

@AdminPage('configuration')
export class ConfigurationPage {
  constructor(
    private readonly options: Options,
    private readonly catalogue: Catalogue,
  ) {}

  @Get()
  show(): PageView {
    const sections = this.options.shown().map((section) => {
      const word = wordOfSection(section.title);
      return { ...section, word: this.catalogue.has(word) ? word : null };
    });
    return view('admin-configuration', { sections });
  }
}

/** The word that is the title of a group of options: `Rate limits` has `admin-configuration.group.rate-limits`. */
export function wordOfSection(title: string): string {
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return `admin-configuration.group.${words.join('-')}`;
}
