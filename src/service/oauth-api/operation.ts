/** A route of the provider, as the API document has it. */
export interface OAuthOperation {
  readonly path: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** Absent: no client has to prove itself. */
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly OAuthParameter[];
  readonly body?: { readonly type: string; readonly schema: object };
  readonly replies: Readonly<Record<string, OAuthReply>>;
  readonly isOfRegistration?: true;
}

export interface OAuthParameter {
  readonly name: string;
  readonly in?: 'path' | 'query';
  readonly required?: boolean;
  readonly description: string;
  readonly example?: string;
}

export interface OAuthReply {
  readonly description: string;
  readonly headers?: object;
  readonly content?: object;
}
