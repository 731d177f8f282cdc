import { canonicalEmail } from '../kernel/email-address.js';
import type { UserRecord, UserStore } from '../users/user.store.js';
import { CommandFailure } from './command-failure.js';

/** The user of an e-mail address or an id. @throws CommandFailure */
export async function findUser(users: UserStore, text: string): Promise<UserRecord> {
  const email = canonicalEmail(text);
  const user = email === null ? await users.find(text) : await users.findByEmail(email);
  if (user) return user;
  throw new CommandFailure('The user does not exist.', 'give the e-mail address or the id of a user');
}
