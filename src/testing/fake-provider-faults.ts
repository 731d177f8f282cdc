import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProviderFault } from './fake-provider-settings.js';

const HUGE_BYTES = 64 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, ' ');
const JSON_HEAD = { 'content-type': 'application/json' };

/** Faults by which nothing of the request happens. @returns whether the fault is one */
export function fail(fault: ProviderFault, url: URL, request: IncomingMessage, response: ServerResponse): boolean {
  if (typeof fault === 'number') response.writeHead(fault, JSON_HEAD).end('{}');
  else if (fault === 'cut') request.socket.destroy();
  else if (fault === 'error_in_200')
    response.writeHead(200, JSON_HEAD).end(JSON.stringify({ error: 'server_error', message: 'Bad credentials' }));
  else if (fault === 'not_json')
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Maintenance</title>');
  else if (fault === 'redirect') response.writeHead(307, { location: `/elsewhere${url.pathname}${url.search}` }).end();
  else if (fault === 'trickle') response.writeHead(200, JSON_HEAD).write('{');
  else if (fault === 'huge') pour(response);
  else return fault === 'hang';
  return true;
}

/** As much as is taken: JSON whose end is far away. */
function pour(response: ServerResponse): void {
  let left = HUGE_BYTES;
  response.writeHead(200, JSON_HEAD).write('{"a":"');
  const more = () => {
    while (left > 0) {
      left -= CHUNK.length;
      if (!response.write(CHUNK)) return void response.once('drain', more);
    }
    response.end('"}');
  };
  more();
}
