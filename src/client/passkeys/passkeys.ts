import type { AuthProblem, Client, CodesOf, LoginOutcome, Reply, ServicePaths } from '../client.js';
import { creationOf, credentialJson, requestOf } from './json.js';
import { signalKnown } from './signal.js';

/** Why there is no passkey: the user turned it down, let it time out, or the device has none. No error of the service. */
export interface PasskeyDeclined {
  readonly status: 'declined';
}

/** How a login by passkey begins. */
export interface PasskeyLogin {
  /** Offers passkeys in the field for the name (`autocomplete="username webauthn"`), in place of a dialogue. */
  readonly autofill?: boolean;
  /** Ends the offer, e.g. when the page is left. */
  readonly signal?: AbortSignal;
}

/** WebAuthn Level 3 §5.1.7; absent in older browsers. */
interface Capable {
  getClientCapabilities?(): Promise<{ readonly conditionalCreate?: boolean }>;
}

type Begin = ServicePaths['/auth/factors/passkeys/options']['post'];
type Finish = ServicePaths['/auth/factors/passkeys']['post'];

/** What came of a registration. */
export type PasskeyRegistration =
  | { readonly status: 'registered'; readonly passkey: Reply<Finish> }
  | { readonly status: 'problem'; readonly problem: AuthProblem<CodesOf<Begin | Finish>> }
  | PasskeyDeclined;

/** Passkeys of this browser. */
export interface Passkeys {
  /** Whether this browser has passkeys at all. */
  readonly isSupported: boolean;
  /** Logs in by a passkey alone. */
  logIn(how?: PasskeyLogin): Promise<LoginOutcome | PasskeyDeclined>;
  /**
   * Makes a passkey for the user who is signed in.
   *
   * @param name for the user's list. Default: one by device and browser
   * @param password required where it is the user's first second factor
   */
  register(name?: string, password?: string): Promise<PasskeyRegistration>;
  /**
   * Has the browser create a passkey by itself, right after a login by password: with a password manager that keeps that password, it asks nothing.
   * `declined` where the browser cannot, or would have to ask. A failure is no reason to disturb the user.
   *
   * @param password as the user has just typed it
   */
  upgrade(password: string): Promise<PasskeyRegistration>;
  /** Tells the device which passkeys still count, so that it offers no others; after one was removed. Does nothing where there is no way. */
  signal(): Promise<void>;
}

/**
 * @example
 * const { logIn } = passkeys(client);
 * const outcome = await logIn({ autofill: true, signal });
 */
export function passkeys(client: Client): Passkeys {
  return {
    isSupported: 'PublicKeyCredential' in globalThis,
    logIn: (how) => logIn(client, how),
    register: (name, password) => register(client, name, password),
    upgrade: async (password) =>
      (await (PublicKeyCredential as Capable | undefined)?.getClientCapabilities?.())?.conditionalCreate
        ? register(client, undefined, password, 'conditional')
        : { status: 'declined' },
    signal: () => signalKnown(client),
  };
}

async function logIn(client: Client, { autofill, signal }: PasskeyLogin = {}): Promise<LoginOutcome | PasskeyDeclined> {
  const options = await client.post('/auth/login/passkey/options', { body: {} });
  if (options.problem) return { status: 'problem', problem: options.problem };
  const mediation = autofill ? 'conditional' : undefined;
  const found = await unlessDeclined(
    navigator.credentials.get({ publicKey: requestOf(options.data), mediation, signal }),
  );
  if (!found) return { status: 'declined' };
  const { data, problem } = await client.post('/auth/login/passkey', { body: { credential: credentialJson(found) } });
  return problem ? { status: 'problem', problem } : data;
}

async function register(
  client: Client,
  name?: string,
  password?: string,
  mediation?: 'conditional',
): Promise<PasskeyRegistration> {
  const body = { ...(password && { password }), ...(mediation && { mediation }) };
  const options = await client.post('/auth/factors/passkeys/options', { body });
  if (options.problem) return { status: 'problem', problem: options.problem };
  const made = await unlessDeclined(
    navigator.credentials.create({ publicKey: creationOf(options.data), mediation } as CredentialCreationOptions),
  );
  if (!made) return { status: 'declined' };
  const { data, problem } = await client.post('/auth/factors/passkeys', {
    body: { credential: credentialJson(made), ...(name && { name }) },
  });
  return problem ? { status: 'problem', problem } : { status: 'registered', passkey: data };
}

/** Browsers say for all of it the same, so that pages learn nothing of what a user has. */
async function unlessDeclined<T>(ceremony: Promise<T | null>): Promise<T | null> {
  try {
    return await ceremony;
  } catch (error) {
    if (['NotAllowedError', 'AbortError', 'InvalidStateError'].includes((error as Error).name)) return null;
    throw error;
  }
}
