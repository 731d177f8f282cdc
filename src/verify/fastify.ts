import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Admission } from './admission.js';
import type { VerifiedAuth } from './verified-auth.js';
import { VerifyError } from './verify-error.js';
import type { VerifyRule } from './verify-rule.js';

/** Fastify's request, as far as it is used here. */
interface FastifyRequestLike {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: IncomingMessage;
}

interface FastifyReplyLike {
  code(status: number): this;
  header(name: string, value: string): this;
  send(payload: string): this;
}

/** Fastify's instance, as far as it is used here. */
interface FastifyLike {
  hasRequestDecorator(name: string): boolean;
  decorateRequest(name: string, value?: unknown): unknown;
  addHook(name: 'onRequest', hook: (request: never, reply: never, done: (error?: Error) => void) => void): unknown;
}

/** As `app.register()` takes it. */
export type FastifyPlugin = (app: FastifyLike, options: object, done: (error?: Error) => void) => void;

/** Sets `request.auth`, or answers the refusal itself, for the routes that stand beside or below where it is registered. */
export function fastifyPlugin(verifier: Admission, rule: VerifyRule): FastifyPlugin {
  const plugin: FastifyPlugin = (app, _options, done) => {
    if (!app.hasRequestDecorator('auth')) app.decorateRequest('auth', undefined);
    app.addHook('onRequest', hookOf(verifier, rule));
    done();
  };
  // Without it, it would be for the routes inside of the plugin only: none.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'coatcheck',
  });
}

type Hook = (
  request: FastifyRequestLike & { auth?: VerifiedAuth | undefined },
  reply: FastifyReplyLike,
  done: (error?: Error) => void,
) => void;

function hookOf(verifier: Admission, rule: VerifyRule): Hook {
  return (request, reply, done) => {
    const admitted = (auth: VerifiedAuth | null) => {
      request.auth = auth ?? undefined;
      done();
    };
    const refused = (error: unknown) => {
      if (error instanceof VerifyError) answer(error, request, reply);
      else done(error as Error);
    };
    let auth: ReturnType<Admission['admit']>;
    try {
      auth = verifier.admit(request, rule);
    } catch (error) {
      return refused(error);
    }
    if (auth instanceof Promise) auth.then(admitted, refused);
    else admitted(auth);
  };
}

function answer(error: VerifyError, request: FastifyRequestLike, reply: FastifyReplyLike): void {
  reply.code(error.status).header('Content-Type', 'application/problem+json; charset=utf-8');
  for (const [name, value] of Object.entries(error.headers)) reply.header(name, value);
  // As text: no serializer of the host is to make another body of it.
  reply.send(JSON.stringify(error.problem(request.headers['x-request-id'])));
}
