import { CommandFailure } from './command-failure.js';

/** A line of a file, with its number from 1. */
export interface TextLine {
  readonly number: number;
  readonly text: string;
}

/**
 * The lines of a text file, those that are empty among them: UTF-8, or UTF-16 where a byte order mark says so, as PowerShell writes it. A
 * byte order mark is no part of the text.
 *
 * @throws CommandFailure for a file in another encoding
 */
export async function* textLines(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<TextLine> {
  let number = 0;
  let rest = '';
  for await (const piece of decoded(input)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield { number: ++number, text: line.replace(/\r$/, '') };
  }
  if (rest !== '') yield { number: ++number, text: rest.replace(/\r$/, '') };
}

async function* decoded(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  let head = Buffer.alloc(0);
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  try {
    for await (const chunk of input) {
      const bytes = Buffer.concat([head, Buffer.from(chunk as Uint8Array)]);
      // A byte order mark of UTF-16 has two bytes.
      if (!decoder && bytes.length < 2) head = bytes;
      else {
        head = Buffer.alloc(0);
        decoder ??= new TextDecoder(encodingOf(bytes), { fatal: true });
        yield decoder.decode(bytes, { stream: true });
      }
    }
    decoder ??= new TextDecoder('utf-8', { fatal: true });
    yield decoder.decode(head);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CommandFailure('The file is not UTF-8 text.', 'save it as UTF-8, one user a line, then import it again');
  }
}

function encodingOf(bytes: Buffer): string {
  const mark = bytes.readUInt16BE(0);
  return mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
}
