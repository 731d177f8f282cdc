import { Eta, type EtaConfig, type TemplateFunction } from 'eta';

/** Eta, which compiles each source once: the applications of one process have nearly all of their templates in common. */
export class TemplateEngine {
  private readonly eta: Eta;
  private readonly compiled = new Map<string, TemplateFunction>();

  constructor(settings: Partial<EtaConfig>) {
    this.eta = new Eta({ autoTrim: false, ...settings });
  }

  /** @throws EtaParseError for a source that is no template */
  compile(source: string): TemplateFunction {
    const known = this.compiled.get(source) ?? this.eta.compile(source);
    this.compiled.set(source, known);
    return known;
  }

  /** @throws whatever the template throws for these values */
  render(template: TemplateFunction, values: object): string {
    return this.eta.render(template, values);
  }
}
