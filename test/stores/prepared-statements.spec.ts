import type { DataSource, QueryRunner } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { prepared } from '../../src/database/prepared.js';
import { readTogether, rowOf } from '../../src/database/rows-together.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';

const TYPED = prepared('SELECT $1::text AS word, $2::timestamptz AS at, ARRAY[1, 2] AS numbers, NULL::uuid AS nothing');
const NO_ROWS = prepared(`SELECT word FROM (VALUES ('loom')) AS words (word) WHERE word = $1`);
const PUT = prepared('INSERT INTO probe (id) SELECT $1::int WHERE $1 IS NOT NULL');
const PROBE = prepared('SELECT * FROM probe WHERE id = $1');

describe('statements on PostgreSQL', () => {
  let app: AuthTestApp;
  let database: DataSource;
  let runner: QueryRunner;
  beforeAll(async () => {
    app = await bootService({ mailPollSeconds: 3600 });
    database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    runner = database.createQueryRunner();
    await runner.query('CREATE TEMPORARY TABLE probe AS SELECT 1 AS id');
  });
  afterAll(async () => {
    await runner.release();
    await app.close();
  });

  const preparedHere = async (text: string) => {
    const rows = await runner.query('SELECT FROM pg_prepared_statements WHERE statement = $1', [text]);
    return rows.length;
  };

  it('that are marked are prepared once on a connection, and others never', async () => {
    const plain = 'SELECT id FROM probe WHERE id = $1';
    for (let i = 0; i < 3; i += 1) await Promise.all([runner.query(PROBE, [1]), runner.query(plain, [1])]);
    expect([await preparedHere(PROBE), await preparedHere(plain)]).toEqual([1, 0]);
  });

  it('that are prepared answer as before after their table has got another column', async () => {
    expect(await runner.query(PROBE, [1])).toEqual([{ id: 1 }]);
    await runner.query(`ALTER TABLE probe ADD COLUMN word text DEFAULT 'loom'`);
    for (let i = 0; i < 2; i += 1) expect(await runner.query(PROBE, [1])).toEqual([{ id: 1, word: 'loom' }]);
  });

  it('that are prepared still fail with what the database says', async () => {
    await expect(runner.query(PROBE, ['none'])).rejects.toMatchObject({ driverError: { code: '22P02' } });
    expect(await runner.query(PROBE, [1])).toHaveLength(1);
  });

  it('that are prepared have their columns described once on a connection, and rows read alike each time', async () => {
    const client = await runner.connect();
    const described: string[][] = [];
    const noted = ({ fields }: { fields: { name: string }[] }) => described.push(fields.map(({ name }) => name));
    client.connection.on('rowDescription', noted);
    const at = '2026-01-02T03:04:05.678Z';
    const read = (word: string | null) => runner.query(TYPED, [word, at]);
    const first = await read('loom');
    expect(first).toEqual([{ word: 'loom', at: new Date(at), numbers: [1, 2], nothing: null }]);
    expect(await read(null)).toEqual([{ ...first[0], word: null }]);
    expect(await read('loom')).toEqual(first);
    expect(await runner.query(NO_ROWS, ['none'])).toEqual([]);
    expect(await runner.query(NO_ROWS, ['loom'])).toEqual([{ word: 'loom' }]);
    client.connection.off('rowDescription', noted);
    expect(described).toEqual([['word', 'at', 'numbers', 'nothing'], ['word']]);
  });

  it('that are prepared and have no columns say how many rows they changed, each time', async () => {
    for (let id = 2; id < 5; id += 1) {
      await expect(runner.query(PUT, [id], true)).resolves.toMatchObject({ affected: 1, records: [] });
    }
    await expect(runner.query(PUT, [null], true)).resolves.toMatchObject({ affected: 0 });
  });

  it('that are asked for in one step are one, and each gets its own row, or none', async () => {
    const [one, none, other] = await Promise.all(
      readTogether(() => [
        rowOf(database, 'SELECT $1::text AS "one.word", $2::int AS "one.number"', ['loom', 7]),
        rowOf(database, 'SELECT $1::text AS "none.word" WHERE false', ['nothing']),
        rowOf(database, 'SELECT $2::text AS "other.word" WHERE $1', [true, 'engine']),
      ]),
    );
    expect(one).toMatchObject({ 'one.word': 'loom', 'one.number': 7 });
    expect(none).toMatchObject({ 'none.word': null });
    expect(other).toMatchObject({ 'other.word': 'engine' });
    expect(one).toBe(other);
  });

  it('that are asked for in one step fail together', async () => {
    const asked = readTogether(() => [
      rowOf(database, 'SELECT 1 AS "one.number"', []),
      rowOf(database, 'SELECT 1 / $1::int AS "two.number"', [0]),
    ]);
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
