import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { auditEventsOf } from '../../src/features.js';
import { eventReference } from './event-reference.js';

const ROOT = resolve(__dirname, '../..');
const REFERENCE = join(ROOT, 'docs/reference/events.md');

describe('audit events', () => {
  const declared = auditEventsOf();
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'))
    .filter((text) => !text.includes('= defineEvents('))
    .join('\n');
  const recorded = [...sources.matchAll(/(?:\btype|\bevent)\??(?::[^'\n]*| =[^'\n]*)'([a-z_]+\.[a-z_]+)'/g)].map(
    (match) => match[1]!,
  );

  it('are in the reference as the features declare them (write it anew with npm run docs)', () => {
    const reference = eventReference(declared);
    if (process.env.UPDATE_DOCS === '1') writeFileSync(REFERENCE, reference);
    expect(readFileSync(REFERENCE, 'utf8')).toBe(reference);
  });

  it('are all declared that are recorded', () => {
    expect(recorded.length).toBeGreaterThan(20);
    expect(recorded.filter((type) => !declared.has(type) && !type.startsWith('webauthn.'))).toEqual([]);
  });

  it('are all recorded that are declared', () => {
    expect([...declared.keys()].filter((type) => !sources.includes(`'${type}'`))).toEqual([]);
  });

  it('are all seen by who compiles against the package: every list is named where the front door leads', () => {
    const lists = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
      .flatMap((name) => [...readFileSync(join(ROOT, 'src', name), 'utf8').matchAll(/const (\w+) = defineEvents\(/g)])
      .map((match) => match[1]!);
    const named = readFileSync(join(ROOT, 'src/built-in-events.ts'), 'utf8');
    expect(lists.length).toBeGreaterThan(10);
    expect(lists.filter((list) => !named.includes(`keyof typeof ${list}`))).toEqual([]);
  });

  it('are declared once: by one feature', () => {
    const twice = { name: 'another', events: { 'login.failed': 'Again.' } };
    expect(() => auditEventsOf({ features: [twice] })).toThrow('another declares the audit event login.failed');
  });
});
