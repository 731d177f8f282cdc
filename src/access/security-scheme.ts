/** A security scheme of OpenAPI 3.1 (§4.8.27), as far as tickets need it; `@nestjs/swagger` takes it as it is. */
export interface SecurityScheme {
  readonly type: 'apiKey' | 'http' | 'mutualTLS';
  /** With `apiKey`: where the ticket is, and under which name. */
  readonly in?: 'cookie' | 'header';
  readonly name?: string;
  /** With `http`, RFC 9110 §16.4.1, e.g. `bearer`. */
  readonly scheme?: string;
  readonly bearerFormat?: string;
  readonly description?: string;
}
