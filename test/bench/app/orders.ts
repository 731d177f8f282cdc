import type { INestApplicationContext } from '@nestjs/common';
import { PasswordHasher, PasswordStore, UserStore } from 'coatcheck';
import { Options } from '../../../src/config/options.js';
import { PasskeyStore } from '../../../src/factors/passkey/passkey.store.js';
import { Clock } from '../../../src/kernel/clock.js';
import { SigningKeys } from '../../../src/keys/signing-keys.js';
import { AccessTokens } from '../../../src/strategies/jwt/access-tokens.js';
import { addClients } from './oauth-orders.js';
import { endSessions, plantSessions, resolveMicros } from './revocation-orders.js';
import { statementsExecuted } from './statements.js';
import { verifyKey } from './verify-orders.js';
import { fillView } from './view-orders.js';

type Order = (app: INestApplicationContext, argument: never) => unknown;

/** What the harness may ask of an app. */
const ORDERS: Record<string, Order> = {
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  memory: () => {
    for (let i = 0; i < 3; i++) globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heapUsed, external, rss };
  },
  statements: statementsExecuted,
  addClients,
  addPasskeys,
  addUsers,
  endSessions,
  fillView,
  firstVerification,
  mintAccessTokens,
  plantSessions,
  resolveMicros,
  verifyKey,
};

/** Serves them over the channel to the parent, and ends with it. */
export function listenForOrders(app: INestApplicationContext): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', async ({ id, order, argument }: { id: number; order: string; argument: never }) => {
    try {
      process.send!({ id, result: await ORDERS[order]!(app, argument) });
    } catch (error) {
      process.send!({ id, failure: String(error) });
    }
  });
}

/** Users who can log in: `user-000000@bench.example` and so on. */
async function addUsers(app: INestApplicationContext, { from, count, password }: AddUsers): Promise<void> {
  const users = app.get(UserStore);
  const passwordHash = await app.get(PasswordHasher).hash(password);
  for (let at = from; at < from + count; at++) {
    const number = String(at).padStart(6, '0');
    const now = new Date();
    const who = { email: `user-${number}@bench.example`, name: `U ${number}`, emailVerifiedAt: now };
    const user = await users.insert(who);
    await app.get(PasswordStore).set({ userId: user!.id, passwordHash, changedAt: now });
  }
}

/** One that nobody can use, to each user with such an address. */
async function addPasskeys(app: INestApplicationContext, emails: readonly string[]): Promise<void> {
  const [users, passkeys] = [app.get(UserStore), app.get(PasskeyStore, { strict: false })];
  for (const email of emails) {
    const user = await users.findByEmail(email);
    await passkeys.insert({
      id: crypto.randomUUID(),
      userId: user!.id,
      credentialId: crypto.randomUUID().replaceAll('-', ''),
      publicKey: 'AAAA',
      signatureCount: 0,
      transports: ['internal'],
      aaguid: '00000000-0000-0000-0000-000000000000',
      backupEligible: false,
      backedUp: false,
      automatic: false,
      imported: false,
      name: 'Bench',
      createdAt: new Date(),
      lastUsedAt: null,
    });
  }
}

interface AddUsers {
  readonly from: number;
  readonly count: number;
  readonly password: string;
}

/** µs of one verification of a token never seen before. */
async function firstVerification(app: INestApplicationContext, count: number): Promise<number> {
  const [tokens, others] = [app.get(AccessTokens, { strict: false }), otherAccessTokens(app)];
  const user = { id: '019a0000-0000-7000-8000-000000000000', roles: ['user'], revision: 1 };
  const session = { id: crypto.randomUUID(), authenticatedAt: new Date(), amr: ['pwd'], absoluteExpiresAt: inAnHour() };
  const minted = Array.from({ length: count }, () => tokens.mint(user, session).token);
  const before = process.cpuUsage();
  for (const token of minted) others.verify(token);
  const { user: used, system } = process.cpuUsage(before);
  return (used + system) / count;
}

/** As another node has them: the one that signs a token knows it. */
function otherAccessTokens(app: INestApplicationContext): AccessTokens {
  const part = { strict: false };
  return new AccessTokens(app.get(SigningKeys, part), app.get(Clock, part), app.get(Options, part));
}

/** One for each session. */
function mintAccessTokens(app: INestApplicationContext, sessions: readonly { id: string; userId: string }[]): string[] {
  const tokens = app.get(AccessTokens, { strict: false });
  const told = { authenticatedAt: new Date(), amr: ['pwd'], absoluteExpiresAt: inAnHour() };
  return sessions.map(
    ({ id, userId }) => tokens.mint({ id: userId, roles: ['user'], revision: 1 }, { id, ...told }).token,
  );
}

function inAnHour(): Date {
  return new Date(Date.now() + 3_600_000);
}
