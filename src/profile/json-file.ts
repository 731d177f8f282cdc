import { Readable } from 'node:stream';
import type { PersonalData } from '../kernel/personal-data.js';

/** A file, as it is downloaded. */
export interface JsonFile {
  readonly name: string;
  /** JSON in UTF-8, read from the features as fast as the client reads it. */
  readonly content: Readable;
}

/**
 * The personal data of some parts about a user, in one document. However much there is, no more than a page of one part is in memory at a time, and no
 * connection to the database waits for the client.
 */
export function jsonFile(name: string, parts: readonly PersonalData[], userId: string, now: Date): JsonFile {
  const exportedAt = now.toISOString();
  const content = Readable.from(document(parts, userId, exportedAt), { objectMode: false, highWaterMark: 1 });
  return { name: `${name}-${exportedAt.slice(0, 10)}.json`, content };
}

async function* document(parts: readonly PersonalData[], userId: string, exportedAt: string): AsyncGenerator<Buffer> {
  yield Buffer.from(`{"exportedAt":${JSON.stringify(exportedAt)},"parts":{`);
  for (const [at, part] of parts.entries()) {
    yield Buffer.from(`${at === 0 ? '' : ','}\n${JSON.stringify(part.name)}:[`);
    let isFirst = true;
    for await (const page of part.pagesOf(userId)) {
      if (page.length === 0) continue;
      const rows = page.map((row) => JSON.stringify(row)).join(',\n');
      yield Buffer.from(`${isFirst ? '\n' : ',\n'}${rows}`);
      isFirst = false;
    }
    yield Buffer.from(']');
  }
  yield Buffer.from('\n}}\n');
}
