// A node of the fleet that serves nobody: what an admin does there is done through the package's own services, as in a
// host application. Answers `{ id, do, ... }` with `{ id, result }` or `{ id, failure }` when it has been done.
import { Options } from '../../../dist/src/config/options.js';
import { createService } from '../../../dist/src/service/create-service.js';
import { serviceSections } from '../../../dist/src/service/service-sections.js';
import { SessionStarts } from '../../../dist/src/sessions/session-starts.js';
import { RefreshService } from '../../../dist/src/strategies/jwt/refresh.service.js';
import { toAuthUser, UserStore } from '../../../dist/src/users/user.store.js';

const ORIGIN = { ip: '192.0.2.1', userAgent: null, amr: ['pwd'] };
const AT_A_TIME = 8;

const starting = createService(Options.readEnvironment(serviceSections));
const orders = {
  ready: async () => true,
  ban: (app, { userId }) => app.get(UserStore, { strict: false }).update(userId, { bannedAt: new Date() }),
  roles: (app, { userId, roles }) => app.get(UserStore, { strict: false }).update(userId, { roles }),
  welcome,
};

process.on('message', async ({ id, ...order }) => {
  try {
    process.send?.({ id, result: await orders[order.do](await starting, order) });
  } catch (error) {
    process.send?.({ id, failure: String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0 });

/** New users with the role `r0`, each logged in on several devices, by both strategies in turn. */
async function welcome(app, { from, count, ticketsEach }) {
  const people = Array.from({ length: count }, (_, i) => from + i);
  const welcomed = [];
  const worker = async () => {
    for (let i = people.shift(); i !== undefined; i = people.shift())
      welcomed.push(await newcomer(app, i, ticketsEach));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return welcomed;
}

async function newcomer(app, number, ticketsEach) {
  const users = app.get(UserStore, { strict: false });
  const email = `user-${number}@fleet.example`;
  const user = await users.insert({ email, name: null, emailVerifiedAt: new Date(), roles: ['r0'] });
  const tickets = [];
  for (let i = 0; i < ticketsEach; i += 1) tickets.push(await ticketOf(app, user, i % 2 ? 'jwt' : 'session'));
  return { id: user.id, tickets };
}

async function ticketOf(app, user, strategy) {
  // An app that keeps its tokens itself; a session that says nothing shows none.
  const transport = strategy === 'jwt' ? 'body' : 'cookie';
  const how = { ...ORIGIN, strategy, transport, withSecret: strategy === 'session' };
  const { session, token } = await app.get(SessionStarts, { strict: false }).start(user, how);
  if (strategy === 'session') return { strategy, sessionId: session.id, cookie: token };
  const pair = await app.get(RefreshService, { strict: false }).begin(toAuthUser(user), session, null);
  return { strategy, sessionId: session.id, accessToken: pair.access.token, refreshToken: pair.refreshToken };
}
