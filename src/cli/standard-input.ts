import { createInterface } from 'node:readline';

/** The first line of standard input: for a password, which others could read among the arguments of a process. */
export async function firstLine(): Promise<string> {
  for await (const line of lines()) return line;
  return '';
}

/** Each line that is not empty. */
export async function* lines(input: NodeJS.ReadableStream = process.stdin): AsyncGenerator<string> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '') yield line;
  }
}
