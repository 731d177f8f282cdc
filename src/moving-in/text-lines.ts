import { decodedText } from './decoded-text.js';

/** A line of a file, with its number from 1. */
export interface TextLine {
  readonly number: number;
  readonly text: string;
}

/**
 * The lines of a text file, those that are empty among them.
 *
 * @throws UnreadableExport as `decodedText`
 */
export async function* textLines(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<TextLine> {
  yield* linesOf(decodedText(input));
}

/** The lines of a text that is decoded already. */
export async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<TextLine> {
  let number = 0;
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield { number: ++number, text: line.replace(/\r$/, '') };
  }
  if (rest !== '') yield { number: ++number, text: rest.replace(/\r$/, '') };
}
