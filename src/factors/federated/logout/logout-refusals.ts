import { type ArgumentsHost, Catch, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { HttpReply } from '../../../edge/http-exchange.js';
import { DESCRIBED, SWAGGER_KEYS } from '../../../http/api-docs.js';
import { Challenges } from '../../../http/challenges.js';
import { ProblemDetailsFilter } from '../../../http/problem-details.filter.js';
import type { AuthError } from '../../../kernel/auth-error.js';

/** Answers refusals as providers read them: OpenID Connect Back-Channel Logout 1.0 §2.8, with the codes of OAuth 2. */
@Catch()
@Injectable()
export class LogoutRefusals extends ProblemDetailsFilter {
  constructor(adapterHost: HttpAdapterHost, challenges: Challenges) {
    super(adapterHost, challenges);
  }

  protected override reply(error: AuthError, requestId: string, reply: HttpReply, _host: ArgumentsHost): void {
    const adapter = this.adapterHost.httpAdapter;
    adapter.setHeader(reply, 'Content-Type', 'application/json; charset=utf-8');
    adapter.setHeader(reply, 'Cache-Control', 'no-store');
    adapter.setHeader(reply, 'X-Content-Type-Options', 'nosniff');
    this.markRefusal(error, requestId, reply);
    const code = codeOf(error);
    adapter.reply(reply, JSON.stringify({ error: code, error_description: DESCRIPTIONS[code] }), error.status);
  }
}

const DESCRIPTIONS = {
  invalid_request: 'No such connection, or the logout token is missing, not right, not fresh, or was used before.',
  temporarily_unavailable: 'Nothing was logged out. Send the same again later.',
  server_error: 'Nothing is known of the outcome.',
} as const;

function codeOf({ status }: AuthError): keyof typeof DESCRIPTIONS {
  if (status === 429 || status === 503) return 'temporarily_unavailable';
  return status < 500 ? 'invalid_request' : 'server_error';
}

const SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: {
    error: { type: 'string', description: 'One of OAuth 2.', example: 'invalid_request' },
    error_description: { type: 'string', description: 'Explanation for people.' },
  },
} as const;

/** Describes these refusals; stands above `@Describe`. */
export function AnsweredAsOAuth(): MethodDecorator {
  return (_target, _key, descriptor: PropertyDescriptor) => {
    const handler: object = descriptor.value;
    const describe: () => void = Reflect.getMetadata(DESCRIBED, handler);
    const describeAsOAuth = () => {
      describe();
      const responses: Record<string, { description: string }> = Reflect.getMetadata(SWAGGER_KEYS.response, handler);
      const ours = Object.entries(responses).map(([status, response]) => {
        const content = { 'application/json': { schema: SCHEMA } };
        return [status, Number(status) < 400 ? response : { description: response.description, content }];
      });
      Reflect.defineMetadata(SWAGGER_KEYS.response, Object.fromEntries(ours), handler);
    };
    // Decorators of the class describe it anew.
    Reflect.defineMetadata(DESCRIBED, describeAsOAuth, handler);
    describeAsOAuth();
  };
}
