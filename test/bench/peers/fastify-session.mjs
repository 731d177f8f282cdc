// @fastify/session with the user kept in the session, on Redis. `rolling` is off, which makes it faster than as it is shipped.
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import { RedisStore } from 'connect-redis';
import fastify from 'fastify';
import { createClient } from 'redis';
import { cookiesFrom, serve, userAt } from './serve.mjs';
import { addUsers, userWith } from './users.mjs';

const client = await createClient({ url: process.env.BENCH_REDIS }).connect();
const app = fastify();
await app.register(cookie);
await app.register(session, {
  secret: 'only for measuring, and long enough to be taken',
  store: new RedisStore({ client }),
  cookie: { secure: false, maxAge: 604_800_000 },
  saveUninitialized: false,
  rolling: false,
});
app.get('/login/:index', async (request) => {
  request.session.user = userAt(request.params.index);
  return {};
});
app.post('/login', async ({ body, session }, reply) => {
  const user = await userWith(body.email, body.password);
  if (!user) return reply.status(401).send({});
  await session.regenerate();
  session.user = user;
  return {};
});
app.post('/renew', async ({ session }, reply) => {
  if (!session.user) return reply.status(401).send({});
  // Keeps what it is told to.
  await session.regenerate(['user']);
  return {};
});
app.post('/logout', async ({ session }, reply) => {
  await session.destroy();
  return reply.status(204).send();
});
app.get('/me', async ({ session: { user } }, reply) => user ?? reply.status(401).send({}));
await app.ready();

serve(app.server, cookiesFrom(app.server), { addUsers });
