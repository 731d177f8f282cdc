import { BadRequestException } from '@nestjs/common';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A form as browsers send it (WHATWG URL, `application/x-www-form-urlencoded`), in well-formed UTF-8: broken UTF-8 is refused rather than
 * replaced, as in JSON. A field that is sent twice is an array.
 */
export function parseStrictForm(
  _request: unknown,
  body: Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  try {
    done(null, readForm(utf8.decode(body)));
  } catch (cause) {
    done(new BadRequestException('the body is no form in UTF-8', { cause }));
  }
}

function readForm(text: string): Record<string, string | string[]> {
  const fields = new Map<string, string[]>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    const key = decoded(name);
    const values = fields.get(key) ?? [];
    values.push(decoded(value));
    fields.set(key, values);
  }
  // Not by assignment, which takes `__proto__` for something else.
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]));
}

function decoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
