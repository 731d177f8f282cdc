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
  forget: (isLeaving: boolean) => Promise<void> | undefined,
  /** Only where no browser carries tokens, so that no other tab has the same. */
  storage?: readonly [
    /** What is known from earlier. @param isAnew whether another process may have written meanwhile */
    load: (isLeaving: (is?: boolean) => boolean, isAnew?: boolean) => Promise<void>,
    /** What a refresh sends; undefined: there is nothing to refresh with. */
    refreshBody: () => object | undefined,
    /** What a login sends besides. */
    loginBody: () => object,
  ],
];
