// @ts-expect-error: the package declares no types for this file. Its functions are registered nowhere but with us.
import textParsers from 'pg-types/lib/textParsers.js';
import { readInstant } from '../kernel/instant.js';

type Parser = (text: string) => unknown;

const TIMESTAMP = 1114;
const TIMESTAMP_WITH_TIME_ZONE = 1184;

const byOid = new Map<number, Parser>();
(textParsers as { init(register: (oid: number, parse: Parser) => void): void }).init((oid, parse) => {
  byOid.set(oid, parse);
});
for (const oid of [TIMESTAMP, TIMESTAMP_WITH_TIME_ZONE]) {
  const parse = byOid.get(oid)!;
  // pg's own reads what it cannot read as null, and null says "never": not revoked, not banned, no end.
  byOid.set(oid, (text) => readInstant(parse(text), 'column'));
}

/**
 * How our connections read the values of PostgreSQL: as `pg` does by default, whatever the process has told `pg.types`, but for an
 * instant that cannot be read, which fails the query. Pass it as `types` in the options of a connection.
 */
export const ownTypes = {
  getTypeParser(oid: number, format: 'text' | 'binary' = 'text'): Parser {
    return (format === 'text' && byOid.get(oid)) || String;
  },
};
