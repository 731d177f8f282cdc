import { Injectable } from '@nestjs/common';
import { PersonalData } from '../../kernel/personal-data.js';
import { PasskeyStore } from './passkey.store.js';

/** The details that an authenticator gave when it was registered. Its public key is left out: it says nothing of the user. */
@Injectable()
export class PasskeyPersonalData extends PersonalData {
  readonly name = 'passkeys';

  constructor(private readonly passkeys: PasskeyStore) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<object[]> {
    const found = await this.passkeys.listOf(userId);
    yield found.map(
      ({ id, name, credentialId, aaguid, transports, backupEligible, backedUp, automatic, createdAt, lastUsedAt }) => {
        const made = { backupEligible, backedUp, automatic, createdAt, lastUsedAt };
        return { id, name, credentialId, aaguid, transports, ...made };
      },
    );
  }
}
