import { AuthProblem } from '../problem.js';
import { LOGOUT, type Transport } from '../transport.js';
import type { DeliveredTokens, Keeper } from './keeper.js';
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
  return renewing('cookie', false);
}

/** The access token in the memory of the page, the refresh token in an HttpOnly cookie. */
export function split(): Transport {
  return renewing('split', true);
}

/** Both tokens in the storage of an application that has no cookies: mobile, desktop, command line. Never in `localStorage`. */
export function body({ storage }: { readonly storage: TokenStorage }): Transport {
  return (name, snapshot, isLeaving, isPaused, isVisible, send, ask, check, fail) => {
    const { keeper, load, kept } = inStorage(storage, isLeaving);
    const [request, alone, wish, tell] = renewing('body', true, keeper)(
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
      async (input, init, mode, isOwn, settle) => {
        await load();
        const { accessToken } = kept();
        // Of an earlier process, too, and though it has expired.
        const headers = mode === LOGOUT && accessToken ? { authorization: `Bearer ${accessToken}` } : init.headers;
        return request(input, { ...init, headers } as RequestInit, mode, isOwn, settle);
      },
      alone,
      () => ({ ...wish(), deviceToken: kept().deviceToken }),
      tell,
      // No other tab has the same tokens.
      () => undefined,
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
  readonly keeper: Keeper;
  /** Learns what is known from earlier. @param isAnew whether another process may have written meanwhile */
  load(isAnew?: boolean): Promise<void>;
  kept(): Kept;
}

function inStorage(storage: TokenStorage, isLeaving: (mark?: string) => unknown): Stored {
  let kept: Kept | undefined;
  const write = async (next: Kept) => {
    const text = JSON.stringify(next);
    await storage.write(text === '{}' ? null : text);
    kept = next;
  };
  return {
    keeper: {
      keep: ({ accessToken, refreshToken, deviceToken = kept?.deviceToken }) =>
        // A logout that is not delivered yet stays one, whatever comes late.
        write({ accessToken, refreshToken, deviceToken, isLeaving: kept?.isLeaving }),
      drop: (isPending) => write(isPending ? { ...kept, isLeaving: true } : { deviceToken: kept?.deviceToken }),
    },
    async load(isAnew) {
      if (kept && !isAnew) return;
      kept = keptIn(await storage.read());
      if (kept.isLeaving) isLeaving('1');
    },
    kept: () => kept ?? {},
  };
}
