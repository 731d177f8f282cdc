import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { mailsOf, metricDescriptionsOf, pagesOf, spanDescriptionsOf, wordsOf } from '../../src/features.js';
import { AUTH_ERRORS, STATUS_OF_CODE } from '../../src/kernel/auth-error.js';
import { changesOf } from '../../src/mail/templates/mail-declaration.js';
import { serviceFeature } from '../../src/service/service.feature.js';
import { serviceSections } from '../../src/service/service-sections.js';
import { OUTCOME_ATTRIBUTES } from '../../src/tracing/span-outcome.js';
import {
  configurationReference,
  errorReference,
  mailTemplateReference,
  metricReference,
  pageTemplateReference,
  spanReference,
} from './references.js';

const ROOT = resolve(__dirname, '../..');
const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
  .map((name) => ({ name, text: readFileSync(join(ROOT, 'src', name), 'utf8') }));

function countsOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function expectReference(name: string, reference: string): void {
  const file = join(ROOT, 'docs/reference', name);
  if (process.env.UPDATE_DOCS === '1') writeFileSync(file, reference);
  expect(readFileSync(file, 'utf8')).toBe(reference);
}

describe('error codes', () => {
  const declaring = /(^|\/)auth-error\.ts$/;
  const text = SOURCES.filter(({ name }) => !declaring.test(name))
    .map((source) => source.text)
    .join('\n');

  it('are in the reference as they are declared (write it anew with npm run docs)', () => {
    expectReference('errors.md', errorReference(AUTH_ERRORS));
  });

  it('are all declared that are answered', () => {
    const answered = [...text.matchAll(/new AuthError\(\s*'(\w+)'/g)].map((match) => match[1]!);
    expect(answered.length).toBeGreaterThan(50);
    expect(answered.filter((code) => !(code in AUTH_ERRORS))).toEqual([]);
  });

  it('are all answered that are declared', () => {
    expect(Object.keys(STATUS_OF_CODE).filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });
});

describe('options', () => {
  const declared = serviceSections.flatMap(({ specs }) => Object.keys(specs));

  it('are in the reference as the features declare them (write it anew with npm run docs)', () => {
    expectReference('configuration.md', configurationReference(serviceSections));
  });

  it('are declared once: by one feature', () => {
    expect(declared.filter((name, at) => declared.indexOf(name) !== at)).toEqual([]);
  });

  it('are all read that are declared', () => {
    const text = SOURCES.map((source) => source.text).join('\n');
    // Counted once for all: a search for each option would read two megabytes several hundred times.
    const mentions = countsOf(text.match(/\w+/g)!);
    const declarations = countsOf([...text.matchAll(/^ +(?:readonly )?(\w+)\??:/gm)].map(([, name]) => name!));
    expect(declared.length).toBeGreaterThan(50);
    expect(declared.filter((name) => mentions.get(name) === (declarations.get(name) ?? 0))).toEqual([]);
  });
});

describe('metrics', () => {
  const declared = metricDescriptionsOf({ features: [serviceFeature] });

  it('are in the reference as the features declare them (write it anew with npm run docs)', () => {
    expectReference('metrics.md', metricReference(declared));
  });

  it('are named by what they count and in which unit, and explained in one sentence', () => {
    for (const [name, { kind, help }] of declared) {
      expect([name, /^coatcheck_[a-z_]+$/.test(name), name.endsWith('_total')]).toEqual([
        name,
        true,
        kind === 'counter',
      ]);
      expect([name, help]).toEqual([name, expect.stringMatching(/^[A-Z0-9][^\n]+\.$/)]);
    }
  });

  it('are declared once: by one feature', () => {
    const metrics = {
      declared: { coatcheck_lease_held: { kind: 'gauge', help: 'Again.' } },
      useFactory: () => [],
    } as const;
    expect(() => metricDescriptionsOf({ features: [{ name: 'another', metrics }] })).toThrow(
      'another declares the metric coatcheck_lease_held',
    );
  });
});

describe('spans', () => {
  const declared = spanDescriptionsOf({ features: [serviceFeature] });

  it('are in the reference as the features declare them (write it anew with npm run docs)', () => {
    expectReference('spans.md', spanReference(declared, OUTCOME_ATTRIBUTES));
  });

  it('are explained in a sentence, and their attributes named as the conventions have them or as ours', () => {
    for (const [name, { help, attributes = {} }] of declared) {
      expect([name, help]).toEqual([name, expect.stringMatching(/^[A-Z0-9][^\n]+\.$/)]);
      const odd = Object.keys(attributes).filter((attribute) => !/^(db|http|coatcheck)(\.[a-z_]+)+$/.test(attribute));
      expect([name, odd]).toEqual([name, []]);
    }
  });

  it('are declared once: by one feature', () => {
    const spans = { declared: { 'coatcheck.guard': { help: 'Again.' } }, useFactory: () => [] } as const;
    expect(() => spanDescriptionsOf({ features: [{ name: 'another', spans }] })).toThrow(
      'another declares the span coatcheck.guard',
    );
  });
});

describe('page templates', () => {
  const declared = pagesOf({ features: [serviceFeature] });
  const words = wordsOf().en!;

  it('are in the reference as the features declare them (write it anew with npm run docs)', () => {
    const titleOf = (name: string) => words[`${name}.title`]!;
    expectReference('page-templates.md', pageTemplateReference(declared, titleOf));
  });

  it('are all declared that are shown, and all shown that are declared', () => {
    const text = SOURCES.map((source) => source.text.replace(/\/\*[\s\S]*?\*\//g, '')).join('\n');
    const shown = [...text.matchAll(/(?<![.\w])view\(\s*'([a-z-]+)'/g)].map((match) => match[1]!);
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter((name) => !declared.has(name))).toEqual([]);
    expect([...declared.keys()].filter((name) => !text.includes(`'${name}'`))).toEqual([]);
  });

  it('are declared once: by one feature', () => {
    const pages = { problem: {} };
    expect(() => pagesOf({ features: [{ name: 'another', pages }] })).toThrow('another declares the page problem');
  });
});

describe('mail templates', () => {
  const declared = mailsOf({ features: [serviceFeature] });
  const text = SOURCES.filter((source) => !source.text.includes('= defineMailTemplates('))
    .map((source) => source.text)
    .join('\n');

  it('are in the reference as the features declare them (write it anew with npm run docs)', () => {
    expectReference('mail-templates.md', mailTemplateReference(declared));
  });

  it('are all declared that are sent', () => {
    const sent = [
      ...text.matchAll(
        /(?:letters\.write|templates\.write|(?<!alerts)\.send(?:To|WayIn|WayInTo)?)\(\s*(?:[^'\s,()]+ \? )?'([a-z-]+)'/g,
      ),
    ];
    expect(sent.length).toBeGreaterThan(15);
    expect(sent.map((match) => match[1]!).filter((kind) => !declared.has(kind as never))).toEqual([]);
  });

  it('are all sent that are declared', () => {
    expect([...declared.keys()].filter((kind) => !text.includes(`'${kind}'`))).toEqual([]);
  });

  it('tell of no change that nothing makes', () => {
    const changes = [...declared.values()].flatMap(changesOf);
    expect(changes.length).toBeGreaterThan(20);
    expect(changes.filter((change) => change !== 'other' && !text.includes(`'${change}'`))).toEqual([]);
  });

  it('are declared once: by one feature', () => {
    const mails = { 'password-reset': {} };
    expect(() => mailsOf({ features: [{ name: 'another', mails }] })).toThrow(
      'another declares the mail password-reset',
    );
  });
});
