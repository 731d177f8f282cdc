import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { securityEventsReference } from './security-events-reference.js';

const FILE = resolve(__dirname, '../../docs/reference/security-events.md');

it('the reference of security events is what the table says (write it anew with UPDATE_DOCS=1)', () => {
  const expected = securityEventsReference();
  if (process.env.UPDATE_DOCS === '1') writeFileSync(FILE, expected);
  expect(readFileSync(FILE, 'utf8')).toBe(expected);
});
