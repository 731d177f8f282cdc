import { StatementSummaries } from './statement-summary.js';

describe('the summary of a statement', () => {
  const summaries = new StatementSummaries('coatcheck');
  const of = (statement: string) => summaries.of(statement).summary;

  it.each([
    ['SELECT * FROM coatcheck.users WHERE id = $1', 'SELECT users'],
    ['SELECT "u"."id" FROM "coatcheck"."users" "u" JOIN "coatcheck"."passwords" p ON true', 'SELECT users passwords'],
    ['INSERT INTO coatcheck.mail_jobs (kind) VALUES ($1)', 'INSERT mail_jobs'],
    ['UPDATE coatcheck.sessions SET ended_at = $2 WHERE id = $1', 'UPDATE sessions'],
    ['DELETE FROM coatcheck.registrations USING coatcheck.users', 'DELETE registrations SELECT users'],
    [
      'WITH ended AS (UPDATE coatcheck.sessions SET x = 1 RETURNING id), said AS (INSERT INTO coatcheck.audit_events SELECT id FROM ended) SELECT id FROM ended',
      'UPDATE sessions INSERT audit_events',
    ],
    ['SELECT 1 FROM coatcheck.users FOR NO KEY UPDATE', 'SELECT users'],
    ['START TRANSACTION', 'BEGIN'],
    ['COMMIT', 'COMMIT'],
    ['SELECT pg_notify($1, $2)', 'SELECT'],
    ['\n  select 1', 'SELECT'],
    ['VACUUM', 'OTHER'],
    ['', 'OTHER'],
  ])('%s is %s', (statement, summary) => {
    expect(of(statement)).toBe(summary);
  });

  it.each([
    "SELECT 'FROM coatcheck.secrets' AS text",
    "SELECT 'it''s FROM coatcheck.secrets' AS text",
    'SELECT 1 -- FROM coatcheck.secrets',
    'SELECT 1 /* FROM coatcheck.secrets\n */',
  ])('takes nothing from a text or a comment: %s', (statement) => {
    expect(of(statement)).toBe('SELECT');
  });

  it('names no table that is not ours, and says that none is', () => {
    expect(summaries.of('SELECT * FROM shop.orders JOIN customers ON true')).toEqual({
      summary: 'SELECT',
      isOurs: false,
    });
    expect(summaries.of('SELECT * FROM coatcheck.users').isOurs).toBe(true);
  });

  it('finds tables in another schema, however it is called', () => {
    const moved = new StatementSummaries('a.b+c');
    expect(moved.of('DELETE FROM "a.b+c"."users"')).toEqual({ summary: 'DELETE users', isOurs: true });
    expect(moved.of('DELETE FROM coatcheck.users').summary).toBe('DELETE users');
    expect(moved.of('DELETE FROM "aXb+c"."users"').isOurs).toBe(false);
  });

  it('has whole words and at most 255 characters', () => {
    const many = Array.from({ length: 200 }, (_, i) => `JOIN coatcheck.table_${i} ON true`).join(' ');
    const summary = of(`SELECT 1 FROM coatcheck.users ${many}`);
    expect(summary.length).toBeLessThanOrEqual(255);
    expect(summary).toMatch(/^SELECT users( table_\d+)+$/);
  });
});
