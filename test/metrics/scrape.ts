import { metricDescriptionsOf } from '../../src/features.js';
import { serviceFeature } from '../../src/service/service.feature.js';

export const DECLARED = metricDescriptionsOf({ features: [serviceFeature] });

/** Name and type of every metric that is declared, as `docs/reference/metrics.md` has them. */
export function declaredTypes(): string[] {
  return [...DECLARED].map(([name, { kind }]) => `${name} ${kind === 'histogram' ? 'histogram' : kind}`);
}

/** The text of `GET /metrics`, taken apart. */
export class Scrape {
  private constructor(readonly text: string) {}

  static async of(url: string): Promise<Scrape> {
    const reply = await fetch(url);
    if (reply.status !== 200) throw new Error(`${reply.status} ${await reply.text()}`);
    return new Scrape(await reply.text());
  }

  /** Name and type of every metric of Coatcheck. */
  get types(): string[] {
    return [...this.text.matchAll(/^# TYPE (coatcheck_\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
  }

  /** Sample of this name and these labels, written as in the text. @throws when there is none */
  value(sample: string): number {
    const line = this.text.split('\n').find((each) => each.startsWith(`${sample} `));
    if (!line) throw new Error(`no sample ${sample} in:\n${this.text}`);
    return Number(line.slice(sample.length + 1));
  }

  /** The same, 0 when there is none. */
  count(sample: string): number {
    return this.text.includes(`\n${sample} `) ? this.value(sample) : 0;
  }
}
