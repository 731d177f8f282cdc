import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { STRATEGY_CLASSES, type TicketStrategy } from '../access/ticket-strategy.js';
import { TrustedProxies } from '../access/trusted-proxies.js';
import { type CoreOptions, coreOptions, isSecureOrigin } from '../config/core-options.js';
import type { Options } from '../config/options.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { auditEventsOf } from '../features.js';
import { withoutPrefixes } from '../http/own-schemas.js';
import { VERSION } from '../kernel/version.js';
import { isOAuthOn, oauthOptions } from '../oauth/oauth-options.js';
import { OAUTH_SCHEMES, oauthPaths } from './oauth-paths.js';

const DESCRIPTION = `Users log in once. Each later request carries a ticket: a session cookie, an access token, an API key or a client certificate. A revoked
ticket is no longer accepted on any node when the revocation is answered.

In errors, act on \`code\`, never on \`title\` or \`detail\`. Times are RFC 3339 in UTC, durations are in seconds.`;

/** In the order in which they are read. */
const TAGS: Readonly<Record<string, string>> = {
  Registration: 'Become a user: register, and prove the mailbox.',
  Login: 'Log in, by one factor or two, and prove again who one is.',
  Sessions: 'Where a user is logged in, and logging out.',
  Tokens: 'Refresh tokens, and the keys that verify access tokens.',
  Password: 'Change a password, or set a new one by mail.',
  Profile: 'What users do with their own account.',
  Factors: 'Second factors: authenticator apps, passkeys and recovery codes.',
  'Keys for machines': 'API keys that act for their owner.',
  OAuth: 'Other applications log users in here, and get tokens for APIs: OAuth 2 and OpenID Connect.',
  Admin: 'What users with the role `admin` do.',
  Health: 'For balancers and orchestrators.',
  Development: 'For trials on one machine; never in production.',
};

/** The OpenAPI 3.1 document of the application as it is put together. */
export function apiDocument(app: INestApplication, options: Options): OpenAPIObject {
  const core = options.of(coreOptions);
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Coatcheck')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(core.publicUrl);
  // Also of strategies that are switched off: each operation says which of them it takes.
  for (const strategy of app.get<readonly (typeof TicketStrategy)[]>(STRATEGY_CLASSES, { strict: false })) {
    const schemes = strategy.securitySchemes(isSecureOrigin(core));
    for (const [name, scheme] of Object.entries(schemes)) builder.addSecurity(name, scheme as never);
  }
  const ofRoutes = withoutPrefixes(SwaggerModule.createDocument(app, builder.build()));
  return completed(isOAuthOn(options) ? withProvider(ofRoutes, options) : ofRoutes);
}

/** With the routes of the OAuth provider, which are none of the framework's. */
function withProvider(document: OpenAPIObject, options: Options): OpenAPIObject {
  const { paths, components = {} } = document;
  const hasRegistration = options.of(oauthOptions).oauthRegistration !== 'off';
  return {
    ...document,
    paths: { ...paths, ...oauthPaths(hasRegistration) },
    components: { ...components, securitySchemes: { ...components.securitySchemes, ...OAUTH_SCHEMES } },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a JSON document
function completed(document: any): OpenAPIObject {
  const operations: { tags?: string[]; requestBody?: { required?: boolean; content: object } }[] =
    Object.values<object>(document.paths).flatMap((item) => Object.values(item));
  const used = new Set(operations.flatMap(({ tags = [] }) => tags));
  // The builder knows no document without a contact.
  if (Object.keys(document.info.contact ?? {}).length === 0) delete document.info.contact;
  for (const { requestBody } of operations)
    if (requestBody && isOptional(requestBody, document)) requestBody.required = false;
  const tags = Object.entries(TAGS).flatMap(([name, description]) => (used.has(name) ? [{ name, description }] : []));
  return { ...document, tags, webhooks: WEBHOOKS };
}

/** A body of which no field is required may be left out. */
function isOptional({ content }: { content: object }, document: OpenAPIObject): boolean {
  const [{ schema }] = Object.values(content) as [{ schema: { $ref?: string } }];
  const name = schema.$ref?.split('/').at(-1) ?? '';
  const { required = [] } = (document.components?.schemas?.[name] ?? {}) as { required?: string[] };
  return name !== '' && required.length === 0;
}

/** The body that `WEBHOOKS` are sent: any event of the audit, signed as Standard Webhooks has it. */
const WEBHOOKS = {
  auditEvent: {
    post: {
      operationId: 'receiveAuditEvent',
      summary: 'An audit event',
      description:
        'Sent at least once, not in order. The headers `webhook-id`, `webhook-timestamp` and `webhook-signature` are those of Standard Webhooks. Anything but a 2xx is tried again; a 410 is final.',
      security: [],
      tags: ['Admin'],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['type', 'timestamp', 'data'],
              properties: {
                type: { type: 'string', description: 'Type of the event.', enum: [...auditEventsOf().keys()] },
                timestamp: { type: 'string', format: 'date-time', description: 'When it happened.' },
                data: {
                  type: 'object',
                  description: 'The event itself; further fields depend on its type.',
                  required: ['id'],
                  properties: { id: { type: 'string', format: 'uuid', description: 'Id of the event.' } },
                },
              },
            },
          },
        },
      },
      responses: { '204': { description: 'Received.' }, '410': { description: 'No longer wanted.' } },
    },
  },
};

/**
 * `GET /docs` for people, `GET /openapi.json` for programs. The document is built when first asked for. Behind a trusted proxy that serves us below
 * a path (`X-Forwarded-Prefix`) its server is there.
 */
export function serveApiDocs(app: INestApplication, options: Options): void {
  const core = options.of(coreOptions);
  SwaggerModule.setup('docs', app, () => apiDocument(app, options), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Coatcheck API',
    patchDocumentOnRequest: (request: unknown, _reply: unknown, document: OpenAPIObject) =>
      withServerOf(request as HttpRequest, document, app.get(TrustedProxies), core),
  });
}

const PREFIX = /^(\/[\w.~-]+)+$/;

function withServerOf(request: HttpRequest, document: OpenAPIObject, proxies: TrustedProxies, core: CoreOptions) {
  const prefix = request.headers['x-forwarded-prefix'];
  if (typeof prefix !== 'string' || !PREFIX.test(prefix) || !proxies.sent(request)) return document;
  return { ...document, servers: [{ url: new URL(core.publicUrl).origin + prefix }] };
}
