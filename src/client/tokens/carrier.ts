import type { channelOf } from '../host.js';

/** Tokens in a reply. */
export interface DeliveredTokens {
  accessToken?: string;
  refreshToken?: string;
  tokenType?: string;
  deviceToken?: string;
  expiresIn?: number;
  refreshExpiresIn?: number;
}

/** Where tokens are between requests. By place, for the reason of `TokenHost`. */
export type Carrier = readonly [
  /** What a login asks for. */
  transport: 'cookie' | 'split' | 'body',
  /** Whether requests have an access token in a header, so that nothing is sent without one. */
  isHeader: boolean,
  /** The access token, where scripts have it. */
  token: () => string | undefined,
  keep: (tokens: DeliveredTokens) => Promise<void> | undefined,
  forget: (isLeaving?: boolean) => Promise<void> | undefined,
  /** The way to the tabs that have the same tokens; undefined: there are none. */
  channelOf: typeof channelOf | (() => undefined),
];
