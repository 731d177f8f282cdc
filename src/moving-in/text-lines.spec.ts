import { Readable } from 'node:stream';

import { textLines } from './text-lines.js';
import { UnreadableExport } from './unreadable-export.js';

const TEXT = '{"name":"Zoë 🧊"}\r\n\n  \nlast';
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();

async function read(bytes: Buffer, size: number): Promise<[number, string][]> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  const lines: [number, string][] = [];
  for await (const { number, text } of textLines(Readable.from(chunks))) lines.push([number, text]);
  return lines;
}

describe('the lines of a text file', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['UTF-16 as PowerShell writes it', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
    ['big-endian UTF-16', swapped(Buffer.from(`\uFEFF${TEXT}`, 'utf16le'))],
  ])('in %s are numbered with the empty ones, however they arrive', async (_, bytes) => {
    for (const size of [1, 2, 3, 1000])
      expect(await read(bytes, size)).toEqual([
        [1, '{"name":"Zoë 🧊"}'],
        [2, ''],
        [3, '  '],
        [4, 'last'],
      ]);
  });

  it.each([
    ['nothing', Buffer.alloc(0), []],
    ['one byte', Buffer.from('x'), [[1, 'x']]],
  ])('of %s', async (_, bytes, lines) => {
    expect(await read(bytes, 10)).toEqual(lines);
  });

  it('may be as long as no user is, however they arrive, and no longer: all of a line is in memory', async () => {
    const lengthsOf = async (blanks: number) =>
      (await read(Buffer.alloc(blanks, ' '), 4096)).map(([number, text]) => [number, text.length]);
    expect(await lengthsOf(16 * 2 ** 20)).toEqual([[1, 16 * 2 ** 20]]);
    await expect(lengthsOf(16 * 2 ** 20 + 1)).rejects.toThrow('Line 1 of the file is longer than 16 MiB of text.');
  });

  it('in another encoding are no text, rather than names with holes', async () => {
    await expect(read(Buffer.from('Zo\xeb', 'latin1'), 10)).rejects.toThrow(UnreadableExport);
  });
});
