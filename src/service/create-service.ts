import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { Logger, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { accessOptions } from '../access/access-options.js';
import { assertOneHost, refusedHost } from '../access/host-header.js';
import { trustIn } from '../access/trusted-proxies.js';
import { AppModule } from '../app.module.js';
import { coreOptions, isSecureOrigin } from '../config/core-options.js';
import { Options, type OptionValues } from '../config/options.js';
import { requestIdFrom } from '../http/request-id.js';
import { AuthError, type FieldError } from '../kernel/auth-error.js';
import { metricsOptions } from '../metrics/metrics-options.js';
import { withPagesOfService } from '../pages/pages-options.js';
import { serveApiDocs } from './api-document.js';
import { Cors } from './cors.js';
import { parseStrictForm } from './form-parser.js';
import { answerFrameworkError } from './framework-error.js';
import { FrontRoutes } from './front-routes.js';
import { parseStrictJson } from './json-parser.js';
import { RequestTimes } from './request-times.js';
import { RouteTable } from './route-table.js';
import { SecurityHeaders } from './security-headers.js';
import { ServiceLogger } from './service-logger.js';
import { servesApiDocs, serviceOptions } from './service-options.js';
import { serviceSections } from './service-sections.js';
import { Tls } from './tls.js';
import { UnparsedRequests } from './unparsed-requests.js';

/** Bodies are credentials and little else. */
const BODY_LIMIT_BYTES = 100 * 1024;
/** Of a parameter in a path: the id of a client may be an address of 512 characters, the most of them escaped. */
const PARAM_CHARACTERS = 1_600;
const UNMET: FieldError = { field: '', rule: 'isReadable', message: 'Expect may be 100-continue only' };
/** Without a `Host` Node would answer by itself, and say nothing. */
const OF_SERVER = { headersTimeout: 10_000, requireHostHeader: false };

/**
 * The service, initialised but not listening.
 *
 * @param providers replace parts, for tests
 * @throws ConfigurationError naming every problem at once
 */
export async function createService(values: OptionValues, providers: Provider[] = []): Promise<NestFastifyApplication> {
  // Checked before anything is built, so that problems are told as one list and not as a failed injection.
  const options = Options.resolve(serviceSections, withPagesOfService(values));
  const { nodeEnv } = options.of(coreOptions);
  const { logLevel } = options.of(serviceOptions);
  const { trustedProxies } = options.of(accessOptions);
  const security = new SecurityHeaders(isSecureOrigin(options.of(coreOptions)));
  const cors = Cors.from(options.of(accessOptions));
  const front = FrontRoutes.from(options);
  const tls = Tls.from(options);
  const unparsed = new UnparsedRequests(security.for(''));
  const adapter = new FastifyAdapter({
    ...(tls && { https: { ...tls.settings(), ...OF_SERVER } }),
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: { maxParamLength: PARAM_CHARACTERS },
    // Not as a list: of that the framework would take a proxy's `10.0.0.1:4000` for a client.
    trustProxy: trustedProxies.length > 0 ? trustIn(trustedProxies) : false,
    requestIdHeader: false,
    genReqId: (request: { headers: IncomingHttpHeaders }) => requestIdFrom(request.headers),
    // A request that never ends would hold its connection, and a drain, for ever.
    requestTimeout: 30_000,
    http: OF_SERVER,
    // While it drains the service still answers what arrives on open connections; its own readiness says no.
    return503OnClosing: false,
    frameworkErrors: (_error: Error, request: { id: string }, reply: { raw: ServerResponse }) =>
      answerFrameworkError(request.id, reply.raw, security.for('')),
    clientErrorHandler: (error, socket) => unparsed.refuse(error, socket),
  });
  adapter
    .getHttpServer()
    .on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
      answerFrameworkError(
        requestIdFrom(request.headers),
        response.setHeader('Connection', 'close'),
        security.for(''),
        new AuthError('validation_failed', { reason: 'unknown_expectation', errors: [UNMET] }),
      ),
    );
  RouteTable.watch(adapter.getInstance());
  // A microsecond a request, paid only where metrics are read.
  if (options.of(metricsOptions).managementPort !== 0) RequestTimes.measure(adapter.getInstance(), front);
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    unparsed.begin(request.raw, reply.raw);
    const misdirected = misdirection(request.raw);
    if (misdirected) {
      reply.hijack();
      reply.raw.setHeader('Connection', 'close');
      return answerFrameworkError(request.id, reply.raw, security.for(''), misdirected);
    }
    if (front.has(request.url)) {
      // What answers there knows its clients and their origins; its replies are the server's own, and pass no hook.
      const always = { 'X-Request-Id': request.id, ...security.for(request.url) };
      for (const [name, value] of Object.entries(always)) reply.raw.setHeader(name, value);
      return done();
    }
    const { headers, isPreflight } = cors.answer(request.method, request.headers);
    reply.headers({ 'X-Request-Id': request.id, ...security.for(request.url), ...headers });
    if (isPreflight) reply.code(204).send();
    else done();
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(values, providers), adapter, {
    logger: new ServiceLogger(logLevel, nodeEnv === 'production'),
    abortOnError: false,
  });
  app.useBodyParser('application/json', { bodyLimit: BODY_LIMIT_BYTES }, parseStrictJson);
  app.useBodyParser('application/x-www-form-urlencoded', { bodyLimit: BODY_LIMIT_BYTES }, parseStrictForm);
  if (servesApiDocs({ nodeEnv, ...options.of(serviceOptions) })) serveApiDocs(app, options);
  await initialise(app);
  if (nodeEnv !== 'production') announceMode(nodeEnv, values.nodeEnv !== undefined);
  tls?.keepUpToDate(app.getHttpServer() as unknown as HttpsServer);
  return app;
}

/** Starts the application; one that fails to start holds nothing afterwards: no connection, timer or port. */
async function initialise(app: NestFastifyApplication): Promise<void> {
  try {
    await app.init();
  } catch (error) {
    // Of the two errors, the first says what to do.
    await app.close().catch(() => undefined);
    throw error;
  }
}

/** Also of what no guard sees: documents, and paths that lead nowhere. */
function misdirection({ headers, httpVersion, rawHeaders, url }: IncomingMessage): AuthError | null {
  // RFC 9112 §3.2
  if (headers.host === undefined && httpVersion === '1.1') return refusedHost('no_host_field');
  try {
    assertOneHost(rawHeaders, url);
    return null;
  } catch (error) {
    return error as AuthError;
  }
}

function announceMode(nodeEnv: string, isSaid: boolean): void {
  const why = isSaid ? `NODE_ENV is ${nodeEnv}` : 'NODE_ENV is not set';
  new Logger('service').warn(
    `${nodeEnv} mode, because ${why}. Programs on this machine can read all e-mails at /dev/outbox and call the example routes. Set NODE_ENV=production to serve other people.`,
  );
}
