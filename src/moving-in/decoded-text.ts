import { isUtf8 } from 'node:buffer';
import { UnreadableExport } from './unreadable-export.js';

/**
 * The text of a file, as it comes: UTF-8, or UTF-16 where a byte order mark says so, as PowerShell writes it. A byte order mark is no part
 * of the text.
 *
 * @throws UnreadableExport for a file in another encoding, with the line before which it was readable
 */
export async function* decodedText(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  let head = Buffer.alloc(0);
  let line = 1;
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  const decode = (bytes: Uint8Array, stream: boolean): string => {
    try {
      const text = decoder!.decode(bytes, { stream });
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) line += 1;
      return text;
    } catch {
      throw notText(decoder!.encoding, line + (decoder!.encoding === 'utf-8' ? readableLines(bytes) : 0));
    }
  };
  for await (const chunk of input) {
    const bytes = Buffer.concat([head, Buffer.from(chunk as Uint8Array)]);
    // A byte order mark of UTF-16 has two bytes.
    if (!decoder && bytes.length < 2) head = bytes;
    else {
      head = Buffer.alloc(0);
      decoder ??= new TextDecoder(encodingOf(bytes), { fatal: true });
      yield decode(bytes, true);
    }
  }
  decoder ??= new TextDecoder('utf-8', { fatal: true });
  yield decode(head, false);
}

/** How many lines of a piece end before what cannot be read. */
function readableLines(bytes: Uint8Array): number {
  let count = 0;
  // The piece may begin within a character.
  let start = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
  for (let end = bytes.indexOf(10); end >= 0 && isUtf8(bytes.subarray(start, end)); end = bytes.indexOf(10, start)) {
    count += 1;
    start = end + 1;
  }
  return count;
}

function encodingOf(bytes: Buffer): string {
  const mark = bytes.readUInt16BE(0);
  return mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
}

function notText(encoding: string, line: number): UnreadableExport {
  const name = encoding === 'utf-8' ? 'UTF-8' : 'UTF-16';
  return new UnreadableExport(
    `The file is not ${name} text, at line ${line} or soon after it.`,
    'save it as UTF-8, then import it again',
  );
}
