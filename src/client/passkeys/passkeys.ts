import type { AuthProblem, Client, CodesOf, LoginOutcome, Reply, ServicePaths, StepUpOutcome } from '../client.js';
import { type Ceremony, credentialJson, optionsOf } from './json.js';
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
  /** Of the outcome `factor_required`, which listed `passkey`: proves the second factor of that login. */
  readonly loginToken?: string;
}

/** WebAuthn Level 3 §5.1.7; absent in older browsers. */
interface Capable {
  getClientCapabilities?(): Promise<{ readonly conditionalCreate?: boolean }>;
}

const DECLINED: PasskeyDeclined = { status: 'declined' };

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
  /** Logs in by a passkey alone, or goes on with a login that requires a further factor. */
  logIn(how?: PasskeyLogin): Promise<LoginOutcome | PasskeyDeclined>;
  /** Proves the user's identity again, as a problem `step_up_required` asks. What was refused may then be asked anew. */
  stepUp(): Promise<StepUpOutcome | PasskeyDeclined>;
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
 * Returns what a client's user can do with passkeys here.
 *
 * @example
 * const { logIn } = passkeys(client);
 * const outcome = await logIn({ autofill: true, signal });
 */
export function passkeys(client: Client): Passkeys {
  /** Asks for options, has the browser make or use a credential, and sends that. What is undefined, is not sent. @returns what the service answers */
  const perform = async (
    ceremony: Ceremony,
    path: string,
    asked: object,
    told: object,
    how?: object,
    finish = path,
    // biome-ignore lint/suspicious/noExplicitAny: what its callers know
  ): Promise<any> => {
    if (!isSupported()) return DECLINED;
    let { data, problem } = await client.call('POST', `${path}/options`, { body: asked });
    if (data) {
      let made: Credential | null = null;
      try {
        made = await navigator.credentials[ceremony]({ publicKey: optionsOf(ceremony, data), ...how });
      } catch (error) {
        // Browsers say for all that a user may have done the same, so that pages learn nothing of what the user has.
        if (!/^(NotAllowed|Abort|InvalidState)Error$/.test((error as Error).name)) throw error;
      }
      if (!made) return DECLINED;
      ({ data, problem } = await client.call('POST', finish, { body: { credential: credentialJson(made), ...told } }));
    }
    return data ?? { status: 'problem', problem };
  };
  const register = async (name?: string, password?: string, mediation?: 'conditional') => {
    const passkey = await perform('create', '/auth/factors/passkeys', { password, mediation }, { name }, { mediation });
    return passkey.status ? passkey : { status: 'registered', passkey };
  };
  return {
    isSupported: isSupported(),
    logIn({ autofill, signal, loginToken } = {}) {
      const how = { mediation: autofill ? 'conditional' : undefined, signal };
      const told = { loginToken, factor: loginToken && 'passkey' };
      return perform('get', '/auth/login/passkey', { loginToken }, told, how, loginToken && '/auth/login/factor');
    },
    stepUp: () => perform('get', '/auth/step-up/passkey', {}, { factor: 'passkey' }, {}, '/auth/step-up'),
    register,
    upgrade: async (password) =>
      isSupported() && (await (PublicKeyCredential as Capable).getClientCapabilities?.())?.conditionalCreate
        ? register(undefined, password, 'conditional')
        : DECLINED,
    signal: () => signalKnown(client),
  };
}

/** Browsers have it on pages that came by a secure way only. */
const isSupported = () => 'PublicKeyCredential' in globalThis;
