import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { VerifyError } from '../verify-error.js';

/** Answers refusals as problem details, and leaves all other errors to the application. */
@Catch(VerifyError)
export class VerifyErrorFilter implements ExceptionFilter {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  /** Throws it on where the reply is not HTTP's: GraphQL has its own form of errors. */
  catch(error: VerifyError, context: ArgumentsHost): void {
    if (context.getType<string>() !== 'http') throw error;
    const adapter = this.host.httpAdapter;
    const reply = context.switchToHttp().getResponse<object>();
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>();
    for (const [name, value] of Object.entries(error.headers)) adapter.setHeader(reply, name, value);
    adapter.setHeader(reply, 'Content-Type', 'application/problem+json; charset=utf-8');
    adapter.reply(reply, JSON.stringify(error.problem(headers['x-request-id'])), error.status);
  }
}
