// better-auth on PostgreSQL as its documentation sets it up, asked by `auth.api.getSession` at each request. Its limiter of
// requests is off: a load from one address would measure that alone. With BENCH_COOKIE_CACHE it believes a signed cookie for five minutes, as its
// documentation shows. Passwords are hashed by its own scrypt, or, when only tickets are needed, not at all.
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { fromNodeHeaders } from 'better-auth/node';
import pg from 'pg';
import { serve, userAt } from './serve.mjs';

const isReal = process.env.BENCH_REAL_HASHES === '1';
const free = { password: { hash: async (password) => password, verify: async () => true } };
const auth = betterAuth({
  baseURL: 'http://127.0.0.1',
  secret: 'only for measuring, and long enough to be taken',
  database: new pg.Pool({ connectionString: process.env.BENCH_DATABASE, max: 10 }),
  telemetry: { enabled: false },
  logger: { disabled: true },
  rateLimit: { enabled: false },
  emailAndPassword: {
    enabled: true,
    ...(isReal ? {} : free),
  },
  session: { cookieCache: { enabled: process.env.BENCH_COOKIE_CACHE === '1', maxAge: 300 } },
});
await (await getMigrations(auth.options)).runMigrations();

const server = createServer(async (request, reply) => {
  if (request.url === '/login') return logIn(request, reply);
  if (request.url === '/logout') return logOut(request, reply);
  const found = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
  const { id, email, name } = found?.user ?? {};
  const body = JSON.stringify({ id, email, name });
  const head = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) };
  reply.writeHead(found ? 200 : 401, head).end(body);
});

serve(
  server,
  async (count) => {
    const tickets = [];
    for (let index = 0; index < count; index++) {
      const { email, name } = userAt(index);
      const body = { email, name, password: 'an engine weaves algebra' };
      const { headers } = await auth.api.signUpEmail({ body, returnHeaders: true });
      tickets.push({ cookie: cookiesIn(headers) });
    }
    return tickets;
  },
  { addUsers },
);

/** By its functions, which cost less than its routes. */
async function logIn(request, reply) {
  let text = '';
  for await (const piece of request) text += piece;
  const asked = { body: JSON.parse(text), headers: fromNodeHeaders(request.headers), returnHeaders: true };
  const found = await auth.api.signInEmail(asked).catch(() => null);
  const cookies = found?.headers.getSetCookie() ?? [];
  reply.writeHead(found ? 200 : 401, { 'Set-Cookie': cookies, 'Content-Length': 2 }).end('{}');
}

async function logOut(request, reply) {
  const { headers } = await auth.api.signOut({ headers: fromNodeHeaders(request.headers), returnHeaders: true });
  reply.writeHead(204, { 'Set-Cookie': headers.getSetCookie() }).end();
}

/** One that is signed up is signed in as well: here that is of no use. */
async function addUsers({ from, count, password }) {
  for (let index = from; index < from + count; index++) {
    const { email, name } = userAt(index);
    await auth.api.signUpEmail({ body: { email, name, password } });
  }
}

function cookiesIn(headers) {
  return headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
}
