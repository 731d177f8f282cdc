import { BadRequestException } from '@nestjs/common';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * JSON in well-formed UTF-8; an empty body is no body. Broken UTF-8 is refused rather than replaced: with replacement two
 * different passwords could become one.
 */
export function parseStrictJson(
  _request: unknown,
  body: Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  try {
    done(null, body.length === 0 ? undefined : JSON.parse(utf8.decode(body)));
  } catch (cause) {
    done(new BadRequestException('the body is not JSON in UTF-8', { cause }));
  }
}
