import type { ServerResponse } from 'node:http';

/** The library's headers for scripts, where no origin is named. */
const HEADERS = {
  Vary: 'Origin',
  'Access-Control-Allow-Origin': '*',
  'Content-Type': 'application/json; charset=utf-8',
};

/** Answers 200 with the headers that the library gives, besides those that every reply has. @param text JSON */
export function answerPlainly(response: ServerResponse, exposed: string, text: string): void {
  const length = Buffer.byteLength(text);
  response.writeHead(200, { ...HEADERS, 'Access-Control-Expose-Headers': exposed, 'Content-Length': length });
  // As text it goes out in one piece with the headers.
  response.end(text);
}
