import { channelOf } from '../host.js';
import { AuthProblem } from '../problem.js';
import type { Transport } from '../transport.js';
import type { Carrier, DeliveredTokens } from './carrier.js';
import { renewing } from './renewing.js';

/** Where an application that has no cookies keeps its tokens, e.g. the keychain of a phone. */
export interface TokenStorage {
  /** Returns what was written last; null: nothing was. */
  read(): string | null | Promise<string | null>;
  /** @param value opaque, and a secret; null: there is nothing to be kept any more */
  write(value: string | null): void | Promise<void>;
}

/** Both tokens in HttpOnly cookies: no script ever sees one, and APIs of the same site can verify them by themselves. */
export function cookie(): Transport {
  const nothing = () => undefined;
  return renewing(() => ['cookie', false, nothing, nothing, nothing, channelOf]);
}

/** The access token in the memory of the page, the refresh token in an HttpOnly cookie. */
export function split(): Transport {
  return renewing(() => {
    let token: string | undefined;
    const keep = ({ accessToken }: DeliveredTokens) => {
      token = accessToken;
      return undefined;
    };
    return ['split', true, () => token, keep, () => keep({}), channelOf];
  });
}

/** Both tokens in the storage of an application that has no cookies: mobile, desktop, command line. Never in `localStorage`. */
export function body({ storage }: { readonly storage: TokenStorage }): Transport {
  return (name, snapshot, isLeaving, isPaused, isVisible, send, ask, check, fail) => {
    const { carrier, load, kept } = inStorage(storage, isLeaving);
    const [request, alone, wish, tell, link] = renewing(() => carrier)(
      name,
      snapshot,
      isLeaving,
      isPaused,
      isVisible,
      (input, init) => send(input, { ...init, credentials: 'omit' }),
      // Only a refresh is asked for, with what another process may have written meanwhile.
      async (method, path, mode) => {
        await load(true);
        const { refreshToken } = kept();
        if (!refreshToken || kept().isLeaving) return [new AuthProblem({ code: 'unauthenticated' })];
        return ask(method, path, mode, { body: { refreshToken } });
      },
      check,
      fail,
    );
    return [
      async (...given) => {
        await load();
        return request(...given);
      },
      alone,
      () => ({ ...wish(), deviceToken: kept().deviceToken }),
      tell,
      link,
      // What fails here fails again, and is reported, when a token is needed.
      () => load().catch(() => {}),
    ];
  };
}

/** What a {@link TokenStorage} keeps. */
interface Kept extends Pick<DeliveredTokens, 'accessToken' | 'refreshToken' | 'deviceToken'> {
  /** A logout that the service has not heard of. */
  readonly isLeaving?: boolean | undefined;
}

/** A value that cannot be read counts as none: else no user could ever log in again. And no error may quote it. */
function keptIn(text: string | null): Kept {
  try {
    return (JSON.parse(text!) as Kept | null) ?? {};
  } catch {
    return {};
  }
}

interface Stored {
  readonly carrier: Carrier;
  /** Learns what is known from earlier. @param isAnew whether another process may have written meanwhile */
  load(isAnew?: boolean): Promise<void>;
  kept(): Kept;
}

function inStorage(storage: TokenStorage, isLeaving: (is?: boolean) => boolean | undefined): Stored {
  let kept: Kept | undefined;
  const write = async (next: Kept) => {
    const text = JSON.stringify(next);
    await storage.write(text === '{}' ? null : text);
    kept = next;
  };
  return {
    carrier: [
      'body',
      true,
      () => kept?.accessToken,
      ({ accessToken, refreshToken, deviceToken = kept?.deviceToken }) =>
        // A logout that is not delivered yet stays one, whatever comes late.
        write({ accessToken, refreshToken, deviceToken, isLeaving: kept?.isLeaving }),
      (isPending) => write(isPending ? { ...kept, isLeaving: isPending } : { deviceToken: kept?.deviceToken }),
      // No other tab has the same tokens.
      () => undefined,
    ],
    async load(isAnew) {
      if (kept && !isAnew) return;
      kept = keptIn(await storage.read());
      if (kept.isLeaving) isLeaving(true);
    },
    kept: () => kept ?? {},
  };
}
