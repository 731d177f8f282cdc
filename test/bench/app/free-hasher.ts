import { type PasswordCheck, PasswordHasher } from 'coatcheck';

/** Costs nothing and protects nothing: with it, what a login costs besides the hash can be seen. */
export class FreeHasher extends PasswordHasher {
  async hash(password: string): Promise<string> {
    return `free:${password}`;
  }

  owns(hash: string): boolean {
    return hash.startsWith('free:');
  }

  async verify(hash: string, password: string): Promise<PasswordCheck> {
    return { matches: hash === `free:${password}`, needsRehash: false };
  }
}
