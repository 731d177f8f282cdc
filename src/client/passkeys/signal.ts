import type { Client, Result, ServicePaths } from '../client.js';
import { textOf } from './json.js';

type Options = ServicePaths['/auth/step-up/passkey/options']['post'];

/** WebAuthn Level 3 §5.1.10, where there is it. */
interface SignalMethods {
  signalAllAcceptedCredentials?(told: {
    rpId: string;
    userId: string;
    allAcceptedCredentialIds: string[];
  }): Promise<void>;
  signalCurrentUserDetails?(told: { rpId: string; userId: string; name: string; displayName: string }): Promise<void>;
}

/** Tells the device which passkeys still count and what their user is called now. */
export async function signalKnown(client: Client): Promise<void> {
  const { user } = client.session.getSnapshot();
  const methods = (globalThis as { PublicKeyCredential?: SignalMethods }).PublicKeyCredential;
  if (!user?.email || !methods?.signalAllAcceptedCredentials) return;
  const { data } = (await client.call('POST', '/auth/step-up/passkey/options')) as Result<Options>;
  if (!data) return;
  const who = { rpId: data.rpId, userId: handleOf(user.id) };
  await methods.signalAllAcceptedCredentials({
    ...who,
    allAcceptedCredentialIds: data.allowCredentials.map(({ id }) => id),
  });
  await methods.signalCurrentUserDetails?.({ ...who, name: user.email, displayName: user.name ?? user.email });
}

/** What authenticators keep of a user: the bytes of the id. */
function handleOf(userId: string): string {
  const bytes = userId.match(/\w\w/g) ?? [];
  return textOf(Uint8Array.from(bytes, (byte) => Number(`0x${byte}`)));
}
