import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { Connections } from '../factors/federated/connections/connections.js';
import { CheckQueue } from '../factors/federated/recheck/check-queue.js';
import { SecretBox } from '../factors/totp/secret-box.js';
import { TotpSecrets } from '../factors/totp/totp-secrets.js';
import { SigningKeys } from '../keys/signing-keys.js';
import { TypeormSigningKeys } from '../keys/typeorm-signing-keys.js';
import type { PartOf } from './application.js';

const READ_TOGETHER = 2_000;

/** Finds secrets that are stored under a former `SECRET_KEY` only; null where none is configured. Links in e-mails cannot be told: they expire. */
export async function previousKeysFinding(part: PartOf) {
  if (part(Options).of(coreOptions).previousSecretKeys.length === 0) return null;
  const signingKeys = part(SigningKeys);
  const ofSigning = signingKeys instanceof TypeormSigningKeys ? await signingKeys.outdated() : 0;
  const box = part(SecretBox);
  const ofApps = await countSecrets(part(TotpSecrets), (secret, userId) => box.needsPreviousKey(secret, userId));
  const ofConnections = await part(Connections).outdated();
  const ofLogins = await part(CheckQueue).outdated();
  if (ofSigning + ofApps + ofConnections + ofLogins === 0) {
    const problem = 'nothing stored needs PREVIOUS_SECRET_KEYS';
    const remedy =
      'remove it once the mailed links of that time have expired (at most 7 days after SECRET_KEY was changed)';
    return { problem, remedy, isWarning: true } as const;
  }
  const problem = `PREVIOUS_SECRET_KEYS is needed by ${ofApps} authenticator app secret(s), ${ofConnections} connection(s), ${ofLogins} login(s) with outside providers and ${ofSigning} signing key(s)`;
  const remedy =
    'keep it; a secret is renewed when its user enters a code, a signing key in use at the start, that of a connection when it is used, what is kept of a login with an outside provider when the provider is next asked about it';
  return { problem, remedy, isWarning: true } as const;
}

/** Counts what neither the secret key nor a former one opens. Tokens of outside providers cannot be told: they may have ended. */
export async function sealedByOtherKeys(part: PartOf) {
  const signingKeys = part(SigningKeys);
  const box = part(SecretBox);
  return {
    apps: await countSecrets(part(TotpSecrets), (secret, userId) => !box.opens(secret, userId)),
    connections: await part(Connections).unopened(),
    signingKeys: signingKeys instanceof TypeormSigningKeys ? await signingKeys.unopened() : 0,
  };
}

async function countSecrets(
  secrets: TotpSecrets,
  counts: (secret: string, userId: string) => boolean,
): Promise<number> {
  let count = 0;
  for (let after: string | null = null; ; ) {
    const rows = await secrets.part(after, READ_TOGETHER);
    for (const { userId, secret } of rows) if (secret !== null && counts(secret, userId)) count += 1;
    if (rows.length < READ_TOGETHER) return count;
    after = rows.at(-1)!.userId;
  }
}
