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
      throw notText(decoder!.encoding, line);
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
