// better-auth's plugin of keys on PostgreSQL: a key in `X-API-Key`, whose owner `auth.api.getSession` answers. Its limiters of requests are
// off, that of each key too: ten requests a day would measure refusals alone.
import { createServer } from 'node:http';
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { fromNodeHeaders } from 'better-auth/node';
import pg from 'pg';
import { serve, userAt } from './serve.mjs';

const auth = betterAuth({
  baseURL: 'http://127.0.0.1',
  secret: 'only for measuring, and long enough to be taken',
  database: new pg.Pool({ connectionString: process.env.BENCH_DATABASE, max: 10 }),
  telemetry: { enabled: false },
  logger: { disabled: true },
  rateLimit: { enabled: false },
  emailAndPassword: {
    enabled: true,
    // Only keys are needed here.
    password: { hash: async (password) => password, verify: async () => true },
  },
  plugins: [apiKey({ enableSessionForAPIKeys: true, rateLimit: { enabled: false } })],
});
await (await getMigrations(auth.options)).runMigrations();

const server = createServer(async (request, reply) => {
  // What is wrong with a key, it throws.
  const found = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) }).catch(() => null);
  const { id, email, name } = found?.user ?? {};
  const body = JSON.stringify({ id, email, name });
  const head = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) };
  reply.writeHead(found ? 200 : 401, head).end(body);
});

serve(server, async (count) => {
  const tickets = [];
  for (let index = 0; index < count; index++) {
    const { email, name } = userAt(index);
    const { user } = await auth.api.signUpEmail({ body: { email, name, password: 'an engine weaves algebra' } });
    const { key } = await auth.api.createApiKey({ body: { userId: user.id, name: 'bench' } });
    tickets.push({ 'x-api-key': key });
  }
  return tickets;
});
