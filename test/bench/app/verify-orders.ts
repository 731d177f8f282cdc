import type { INestApplicationContext } from '@nestjs/common';
import { ApiKeys, UserStore } from 'coatcheck';

/** A key of a service user with the scope `verify`, as the command line makes one. */
export async function verifyKey(app: INestApplicationContext): Promise<string> {
  const users = app.get(UserStore, { strict: false });
  const owner = await users.insert({ kind: 'service', email: null, name: 'orders', roles: [] });
  const by = { actorId: null, origin: null };
  const made = await app.get(ApiKeys, { strict: false }).create(owner!.id, { name: 'verify', scopes: ['verify'] }, by);
  return made.apiKey;
}
