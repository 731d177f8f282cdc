import { Injectable } from '@nestjs/common';
import type { TemplateFunction } from 'eta';
import type { HttpExchange } from '../edge/http-exchange.js';
import { TemplateEngine } from '../kernel/template-engine.js';
import { DeclaredPages } from './define-templates.js';
import { LAYOUT } from './layout.template.js';
import { LayoutValues } from './layout-values.js';
import type { PageView } from './page-view.js';
import { PageWords } from './page-words.js';
import type { PageArea } from './pages-options.js';
import { strictValues } from './strict-values.js';
import { LAYOUT_NAME, Theme } from './theme/theme.js';

const engine = new TemplateEngine({ autoEscape: true });

/** Writes pages out of eta templates. */
@Injectable()
export class PageRenderer {
  private readonly templates = new Map<string, TemplateFunction>();

  constructor(
    private readonly declared: DeclaredPages,
    private readonly words: PageWords,
    private readonly layout: LayoutValues,
    { templates }: Theme,
  ) {
    this.templates.set(LAYOUT_NAME, engine.compile(templates.get(LAYOUT_NAME) ?? LAYOUT));
    for (const [name, { source }] of declared) this.templates.set(name, engine.compile(templates.get(name) ?? source));
  }

  /** @throws TypeError for a template that is not there, and for a value or word that it asks for in vain */
  render({ name, values }: PageView, area: PageArea, exchange: HttpExchange): string {
    const template = this.declared.get(name);
    if (template === undefined) throw new TypeError(`there is no page ${name}`);
    const given = this.words.valuesFor(name, values, exchange);
    const body = this.write(name, together(values, given));
    const around = this.layout.of({ area, body, scripts: template.scripts ?? [] }, given, exchange);
    return this.write(LAYOUT_NAME, together(around, given));
  }

  private write(name: string, values: object): string {
    try {
      return engine.render(this.templates.get(name)!, strictValues(values));
    } catch (error) {
      throw new TypeError(`the page ${name} is broken: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Not by spreading, which would read every getter: a token that no form needs would mark the browser. */
function together(values: object, given: object): object {
  return Object.defineProperties({ ...values }, Object.getOwnPropertyDescriptors(given));
}
