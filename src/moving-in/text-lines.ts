import { decodedText } from './decoded-text.js';
import { UnreadableExport } from './unreadable-export.js';

/** No user is described by so many characters. */
const LONGEST_LINE = 16 * 2 ** 20;

/** A line of a file, with its number from 1. */
export interface TextLine {
  readonly number: number;
  readonly text: string;
}

/**
 * The lines of a text file, those that are empty among them.
 *
 * @throws UnreadableExport as `decodedText` and {@link linesOf}
 */
export async function* textLines(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<TextLine> {
  yield* linesOf(decodedText(input));
}

/**
 * The lines of a text that is decoded already.
 *
 * @throws UnreadableExport for a line that no user has: all of it would have to be in memory
 */
export async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<TextLine> {
  let number = 0;
  // Of the line that has not ended. Put together once: with each piece anew, a long line would take quadratic time.
  let rest: string[] = [];
  let length = 0;
  for await (const piece of text) {
    const [first, ...lines] = piece.split('\n');
    rest.push(first!);
    length += first!.length;
    if (length > LONGEST_LINE) throw tooLong(number + 1);
    if (lines.length === 0) continue;
    const last = lines.pop()!;
    for (const line of [rest.join(''), ...lines]) yield { number: ++number, text: line.replace(/\r$/, '') };
    rest = [last];
    length = last.length;
  }
  if (length > 0) yield { number: ++number, text: rest.join('').replace(/\r$/, '') };
}

function tooLong(line: number): UnreadableExport {
  return new UnreadableExport(
    `Line ${line} of the file is longer than ${LONGEST_LINE / 2 ** 20} MiB of text.`,
    'write each user in a line, or all of them in one array that begins the file; then import it again',
  );
}
