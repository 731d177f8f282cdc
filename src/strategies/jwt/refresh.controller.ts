import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { Public } from '../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { isSwitchedOn } from '../../config/core-options.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { AuthError } from '../../kernel/auth-error.js';
import type { RateLimitRule } from '../../limits/rate-limit-rule.js';
import { RateLimited } from '../../limits/rate-limited.decorator.js';
import { RefreshService } from './refresh.service.js';
import { TokenCookies } from './token-cookies.js';

class RefreshRequest {
  @ApiProperty({
    description: 'Refresh token, unless it is in the cookie.',
    required: false,
    example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.tkJ...',
  })
  @IsOptional()
  @IsString()
  refreshToken?: string;
}

class RefreshReply {
  @ApiProperty({ description: 'Seconds until the access token expires.', type: 'integer', example: 900 })
  expiresIn!: number;

  @ApiProperty({
    description: 'Seconds until an unused refresh token expires.',
    type: 'integer',
    example: 604800,
  })
  refreshExpiresIn!: number;

  @ApiProperty({
    description: 'JWT, RFC 9068. Absent with transport `cookie`.',
    required: false,
    example: 'eyJhbGciOiJFUzI1NiIs...',
  })
  accessToken?: string;

  @ApiProperty({ description: 'Send the token as `Authorization: Bearer`.', required: false, enum: ['Bearer'] })
  tokenType?: 'Bearer';

  @ApiProperty({ description: 'The next refresh token. Only with transport `body`.', required: false })
  refreshToken?: string;
}

/** A refresh asks the store anyway; this call is not to ask it twice. */
const REFRESHES: RateLimitRule = {
  most: { ip: ({ loginAttempts }) => 100 * loginAttempts },
  counted: 'node',
  failuresOnly: true,
};

@AuthController('auth/refresh', 'Tokens', isSwitchedOn('jwt'))
export class RefreshController {
  constructor(
    private readonly refreshes: RefreshService,
    private readonly cookies: TokenCookies,
  ) {}

  @Describe({
    summary: 'Exchange a refresh token for new tokens',
    description:
      'Each refresh token works once. A client that lost the response may send the same token again and gets the same refresh token: ' +
      'within `REFRESH_GRACE_SECONDS` until that is used, and later until any of the new tokens is used. Any other reuse ends the session. The new tokens travel as chosen at ' +
      'login, however the old token was sent: `cookie` returns lifetimes only, `split` adds the access token, and `body` returns ' +
      'both tokens. Two different refresh tokens in one request are refused, and their cookies are cleared.',
    answers: { 200: { description: 'The new tokens.', type: RefreshReply } },
    errors: ['unauthenticated', 'session_ended'],
  })
  @Post()
  @Public()
  @RateLimited(REFRESHES)
  @HttpCode(200)
  async refreshTokens(@Body() body: RefreshRequest, @CurrentExchange() exchange: Exchange): Promise<RefreshReply> {
    const inBody = body?.refreshToken;
    const inCookies = this.cookies.refreshTokens(exchange.caller);
    if (new Set(inCookies).size > 1) this.cookies.clear(exchange);
    const presented = theOne([...(inBody == null ? [] : [inBody]), ...inCookies]);
    const pair = await this.refreshes
      .refresh(presented, exchange.caller)
      .catch((error) => this.clearCookiesIfEnded(error, exchange));
    const { expiresIn = 0, refreshExpiresIn = 0, ...tokens } = this.cookies.deliver(pair, pair.transport, exchange);
    return { expiresIn, refreshExpiresIn, ...tokens };
  }

  /** Cookies of a session that has ended are good for nothing any more. While a store is out of reach they stay. */
  private clearCookiesIfEnded(error: unknown, exchange: Exchange): never {
    const hasCookies = this.cookies.refreshTokens(exchange.caller).length > 0;
    if (hasCookies && error instanceof AuthError && error.code === 'session_ended') this.cookies.clear(exchange);
    throw error;
  }
}

/** Which of two different ones is meant cannot be told. @throws AuthError `unauthenticated` */
function theOne(tokens: readonly string[]): string {
  const [token, ...others] = new Set(tokens);
  if (token === undefined) throw new AuthError('unauthenticated', { reason: 'no_refresh_token' });
  if (others.length > 0) throw new AuthError('unauthenticated', { reason: 'two_different_refresh_tokens' });
  return token;
}
