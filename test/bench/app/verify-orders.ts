import type { INestApplicationContext } from '@nestjs/common';
import { ApiKeys, UserStore } from 'coatcheck';

const UNLIMITED = { rateLimit: null, rateLimitWindowSeconds: null, quota: null, quotaWindowSeconds: null };
const COMMAND_LINE = { actorId: null, origin: null };

/** A key of a service user with the scope `verify`, as the command line makes one. */
export async function verifyKey(app: INestApplicationContext): Promise<string> {
  const users = app.get(UserStore, { strict: false });
  const owner = await users.insert({ kind: 'service', email: null, name: 'orders', roles: [] });
  const order = { name: 'verify', scopes: ['verify'], ...UNLIMITED };
  const { apiKey } = await app.get(ApiKeys, { strict: false }).create(owner!.id, order, COMMAND_LINE);
  return apiKey;
}
