import { randomUUID } from 'node:crypto';
import { mintSecretToken } from 'coatcheck';
import pg from 'pg';
import type { BenchApp } from '../row.js';
import type { Ticket } from './tickets.js';

const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const MINTED_AT_ONCE = 10_000;

/** Sessions of as many different users, written straight into the tables; each with its ticket. */
export async function manySessions(
  app: BenchApp,
  databaseUrl: string,
  strategy: 'session' | 'jwt',
  count: number,
): Promise<Ticket[]> {
  const minted = Array.from({ length: count }, () => ({ ...mintSecretToken(), userId: randomUUID() }));
  await insert(databaseUrl, strategy, minted);
  if (strategy === 'session') return minted.map(({ token }) => ({ cookie: `__Host-session=${token}` }));
  const tokens: string[] = [];
  for (let start = 0; start < count; start += MINTED_AT_ONCE) {
    const sessions = minted.slice(start, start + MINTED_AT_ONCE).map(({ id, userId }) => ({ id, userId }));
    tokens.push(...(await app.order<string[]>('mintAccessTokens', sessions)));
  }
  return tokens.map((token) => ({ authorization: `Bearer ${token}` }));
}

async function insert(
  databaseUrl: string,
  strategy: string,
  minted: readonly { id: string; secretHash: string; userId: string }[],
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const ids = minted.map(({ id }) => id);
  const userIds = minted.map(({ userId }) => userId);
  const hashes = minted.map(({ secretHash }) => (strategy === 'session' ? secretHash : null));
  await client.query(
    `INSERT INTO coatcheck.users (id, email, email_verified_at, name, roles, created_at)
     SELECT id, 'user-' || at || '@bench.example', now(), 'User Number ' || at, '{user}', now()
     FROM unnest($1::uuid[]) WITH ORDINALITY AS given(id, at)`,
    [userIds],
  );
  await client.query(
    `INSERT INTO coatcheck.sessions (id, user_id, strategy, secret_hash, created_at, authenticated_at, last_seen_at,
       idle_expires_at, absolute_expires_at, ip, user_agent, amr)
     SELECT id, user_id, $4, secret_hash, now(), now(), now(), now() + interval '7 days', now() + interval '30 days',
       '192.0.2.' || (at % 256), $5, '{pwd}'
     FROM unnest($1::uuid[], $2::uuid[], $3::text[]) WITH ORDINALITY AS given(id, user_id, secret_hash, at)`,
    [ids, userIds, hashes, strategy, USER_AGENT],
  );
  await client.query('ANALYZE');
  await client.end();
}
