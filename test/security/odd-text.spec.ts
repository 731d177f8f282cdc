import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { auditRowOf } from '../../src/audit/audit-row.js';
import { AuditSink } from '../../src/audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { Authority, removeFolders } from '../mtls/authority.js';
import { bootTls, type TlsApp } from '../mtls/tls-app.js';

const HALVES = ['\ud83d', '\ude00', '\ud83d\ude00', '\0', '\u2028', 'a', '\u4e2d', '\udc00\ud800', '\\u0000'];
const oddText = fc
  .array(fc.constantFrom(...HALVES), { maxLength: 12 })
  .chain((parts) => fc.integer({ min: 505, max: 514 }).map((length) => `${'a'.repeat(length)}${parts.join('')}`));
const odd = fc.oneof(oddText, fc.string({ unit: 'binary', maxLength: 40 }));

/** Every string in it, names of fields too. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.entries(value).flat().flatMap(textsIn) : [];
}

describe('the audit, given odd text', () => {
  let app: AuthTestApp;
  let dataSource: DataSource;
  beforeAll(async () => {
    app = await bootService();
    dataSource = app.app.get(AUTH_DATA_SOURCE);
  });
  afterAll(() => app.close());

  it('keeps no half of a character, wherever it cuts', () => {
    fc.assert(
      fc.property(odd, (text) => {
        const row = auditRowOf(
          { type: `app.${text}`, reason: text, name: text, [text]: { [text]: [text] } },
          new Date(0),
        );
        expect(textsIn(row).filter((each) => /\0|\p{Cs}/u.test(each))).toEqual([]);
        expect(row.reason!.length).toBeLessThanOrEqual(512);
      }),
    );
  });

  it('stores every event, whatever its texts and the names of its details', async () => {
    const sink = app.app.get(AuditSink, { strict: false });
    await fc.assert(
      fc.asyncProperty(odd, async (text) => {
        const userId = randomUUID();
        const event = { type: 'app.odd' as const, userId, reason: text, list: [text], [text]: { [text]: text } };
        await sink.record(event);
        const [row] = await dataSource.query(
          'SELECT count(*)::int AS n FROM coatcheck.audit_events WHERE user_id = $1',
          [userId],
        );
        expect(row.n).toBe(1);
      }),
      { numRuns: 50 },
    );
  });

  it('loses no other events by one that the table refuses', async () => {
    const sink = app.app.get(AuditSink, { strict: false });
    await dataSource.query(
      `ALTER TABLE coatcheck.audit_events ADD CONSTRAINT refused CHECK (type <> 'app.refused') NOT VALID`,
    );
    const types = ['app.first', 'app.second', 'app.refused', 'app.third', 'app.fourth'] as const;
    await Promise.all(types.map((type) => sink.record({ type })));
    await dataSource.query('ALTER TABLE coatcheck.audit_events DROP CONSTRAINT refused');
    const rows = await dataSource.query(
      `SELECT type FROM coatcheck.audit_events WHERE type LIKE 'app.%' AND type = ANY ($1)`,
      [types],
    );
    expect(rows.map(({ type }: { type: string }) => type).sort()).toEqual(
      ['app.first', 'app.fourth', 'app.second', 'app.third'].sort(),
    );
  });
});

describe('a name in certificates, given odd text', () => {
  let app: TlsApp;
  beforeAll(async () => {
    app = await bootTls('fastify', { tlsClientCa: new Authority('/CN=Machines').certFile });
  }, 60_000);
  afterAll(async () => {
    await app.close();
    removeFolders();
  });

  const cjk = (count: number) =>
    Array.from({ length: count }, (_, i) => String.fromCharCode(0x4e00 + ((i * 7919) % 20_000))).join('');
  const rows: [string, string, number][] = [
    ['a character across the cut of the audit', `CN=${'a'.repeat(508)}\u{1f600}`, 201],
    ['just as many bytes as fit', `CN=${cjk(681)}`, 201],
    ['more bytes than fit, in fewer characters', `CN=${cjk(682)}`, 400],
    ['more bytes than fit once it is written canonically', `CN=${'\\22'.repeat(682)}\u00e9`, 400],
    ['half a character', 'CN=\ud83d', 400],
  ];

  it.each(rows)('is taken, or refused with the reason: %s', async (_what, value, expected) => {
    const admin = await app.admin();
    const { id } = (await admin.post('/admin/users', { kind: 'service', name: 'orders' })).body;
    const order = { anchor: 'default', kind: 'subject', value, scopes: [] };
    const { status, body } = await admin.post(`/admin/users/${id}/certificate-names`, order);
    expect(status).toBe(expected);
    if (status === 400) expect(body).toMatchObject({ code: 'validation_failed', errors: [{ field: 'value' }] });
  });
});
