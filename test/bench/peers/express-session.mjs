// express-session with the user kept in the session, on Redis (BENCH_REDIS) or PostgreSQL (BENCH_DATABASE). As its documentation says, a login
// begins a new session.
import { createServer } from 'node:http';
import connectPgSimple from 'connect-pg-simple';
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import pg from 'pg';
import { createClient } from 'redis';
import { cookiesFrom, serve, userAt } from './serve.mjs';
import { addUsers, userWith } from './users.mjs';

const app = express();
app.use(session({ store: await store(), secret: 'only for measuring', resave: false, saveUninitialized: false }));
app.get('/login/:index', (request, reply) => {
  request.session.user = userAt(request.params.index);
  reply.json({});
});
app.post('/login', express.json(), async (request, reply) => {
  const user = await userWith(request.body.email, request.body.password);
  if (!user) return reply.status(401).json({});
  renewed(request, reply, user);
});
app.post('/renew', (request, reply) => {
  const { user } = request.session;
  if (!user) return reply.status(401).json({});
  renewed(request, reply, user);
});
app.post('/logout', (request, reply, next) => {
  request.session.destroy((error) => (error ? next(error) : reply.status(204).end()));
});
app.get('/me', ({ session: { user } }, reply) => (user ? reply.json(user) : reply.status(401).json({})));

const server = createServer(app);
serve(server, cookiesFrom(server), { addUsers });

/** The same user under another id. */
function renewed(request, reply, user) {
  request.session.regenerate(() => {
    request.session.user = user;
    reply.json({});
  });
}

async function store() {
  if (process.env.BENCH_REDIS) {
    const client = await createClient({ url: process.env.BENCH_REDIS }).connect();
    return new RedisStore({ client });
  }
  const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE, max: 10 });
  return new (connectPgSimple(session))({ pool, createTableIfMissing: true });
}
