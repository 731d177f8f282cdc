import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { Draining } from './draining.js';

const SWEEP_MS = 50;
/** Connections still open then are cut, so that there is time left to send the last mails and close the database. */
const PATIENCE_MS = 4_000;

/**
 * Stops the service without losing a request: says so at `/health/ready`, answers what is under way, closes each connection as
 * soon as it is idle, then the database. Ends within 10 s whatever clients do.
 */
export async function stopService(app: INestApplication): Promise<void> {
  const server: Server = app.getHttpServer();
  app.get(Draining).begin();
  // Node closes idle connections once, when the server closes; those that become idle later would be kept alive.
  const sweeper = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  // A connection that never sent a request is not idle, and would be waited for.
  const cutter = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
  try {
    await app.close();
  } finally {
    clearInterval(sweeper);
    clearTimeout(cutter);
  }
}
