/** Tokens in a reply. */
export interface DeliveredTokens {
  accessToken?: string;
  refreshToken?: string;
  tokenType?: string;
  deviceToken?: string;
  expiresIn?: number;
  refreshExpiresIn?: number;
}

/** Where tokens outlive the process. */
export interface Keeper {
  keep(tokens: DeliveredTokens): Promise<void>;
  /** @param isLeaving whether the service has yet to be told of a logout */
  drop(isLeaving?: string | false): Promise<void>;
}
