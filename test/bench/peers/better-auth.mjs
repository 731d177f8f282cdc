// better-auth on PostgreSQL as its documentation sets it up, asked by `auth.api.getSession` at each request. Its limiter of
// requests is off: a load from one address would measure that alone.
import { createServer } from 'node:http';
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
    // Only sessions are needed here.
    password: { hash: async (password) => password, verify: async () => true },
  },
});
await (await getMigrations(auth.options)).runMigrations();

const server = createServer(async (request, reply) => {
  const found = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
  const { id, email, name } = found?.user ?? {};
  const body = JSON.stringify({ id, email, name });
  const head = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) };
  reply.writeHead(found ? 200 : 401, head).end(body);
});

serve(server, async (count) => {
  const tickets = [];
  for (let index = 0; index < count; index++) {
    const { email, name } = userAt(index);
    const body = { email, name, password: 'an engine weaves algebra' };
    const { headers } = await auth.api.signUpEmail({ body, returnHeaders: true });
    tickets.push({ cookie: headers.getSetCookie()[0].split(';', 1)[0] });
  }
  return tickets;
});
