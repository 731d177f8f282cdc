import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { coreOptions, isSecureOrigin } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { ProblemDetails } from '../../http/problem-details.js';
import { AUTH_ERRORS, type AuthErrorCode } from '../../kernel/auth-error.js';

/** As data it may do nothing; `script-src` has to be there for the library to add the digest of its one script to. */
const POLICY = "default-src 'none'; script-src ; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const A_YEAR = 31_536_000;

/** An error in OAuth's form, RFC 6749 §5.2. */
export interface OAuthError {
  readonly error: string;
  readonly error_description: string;
}

/** Answers that the mount gives by itself, and the headers of all. */
@Injectable()
export class OAuthReplies {
  private readonly headers: readonly (readonly [name: string, value: string])[];

  constructor(options: Options) {
    this.headers = Object.entries({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': POLICY,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      ...(isSecureOrigin(options.of(coreOptions)) && {
        'Strict-Transport-Security': `max-age=${A_YEAR}; includeSubDomains`,
      }),
    });
  }

  /** The headers of every reply; whatever answers may say otherwise. */
  begin(response: ServerResponse, requestId: string): void {
    for (const [name, value] of this.headers) response.setHeader(name, value);
    response.setHeader('X-Request-Id', requestId);
  }

  /** Problem details, as for every path of ours that is none. */
  problem(response: ServerResponse, code: AuthErrorCode, requestId: string): void {
    response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
    response.statusCode = AUTH_ERRORS[code].status;
    response.end(JSON.stringify(ProblemDetails.of({ code, errors: undefined, stepUp: undefined }, requestId)));
  }

  oauthError(response: ServerResponse, status: number, error: OAuthError): void {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.statusCode = status;
    response.end(JSON.stringify(error));
  }

  /** 503, RFC 9110 §15.6.4. */
  unavailable(response: ServerResponse, retryAfterSeconds = 1): void {
    response.setHeader('Retry-After', String(retryAfterSeconds));
    const error_description = 'try again after the time given in Retry-After';
    this.oauthError(response, 503, { error: 'temporarily_unavailable', error_description });
  }

  /** 429. OAuth has no code for it; RFC 8628's says the same. */
  tooMany(response: ServerResponse, retryAfterSeconds: number): void {
    response.setHeader('Retry-After', String(retryAfterSeconds));
    this.oauthError(response, 429, {
      error: 'slow_down',
      error_description: 'too many requests; wait for Retry-After',
    });
  }

  seeOther(response: ServerResponse, location: string): void {
    response.statusCode = 303;
    response.setHeader('Location', location);
    response.setHeader('Content-Length', '0');
    response.end();
  }
}
