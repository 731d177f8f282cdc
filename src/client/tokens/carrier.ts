import type { TokenHost } from '../transport.js';

/** Tokens in a reply. */
export interface DeliveredTokens {
  accessToken?: string;
  refreshToken?: string;
  tokenType?: string;
  deviceToken?: string;
  expiresIn?: number;
  refreshExpiresIn?: number;
}

/** Where tokens are between requests. */
export interface Carrier {
  /** What a login asks for. */
  readonly transport: 'cookie' | 'split' | 'body';
  /** Whether requests have an access token in a header, so that nothing is sent without one. */
  readonly isHeader: boolean;
  /** The browser carries tokens too, so other tabs have the same. */
  readonly isShared: boolean;
  /** The access token, where scripts have it. */
  token(): string | undefined;
  /** What is known from earlier. @param isAnew whether another process may have written meanwhile */
  load(core: TokenHost, isAnew?: boolean): Promise<void>;
  /** What a refresh sends; undefined: there is nothing to refresh with. */
  refreshBody(): object | undefined;
  /** What a login sends besides. */
  loginBody(): object;
  keep(tokens: DeliveredTokens): Promise<void>;
  forget(isLeaving: boolean): Promise<void>;
}
