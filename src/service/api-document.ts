import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { type CoreOptions, coreOptions, isSecureOrigin } from '../config/core-options.js';
import type { Options } from '../config/options.js';
import { MACHINE_SCHEMES, SECURITY_SCHEMES } from '../http/api-docs.js';

const DESCRIPTION = `Users log in once. Each later request carries a ticket: a session cookie, an access token, an API key or a client certificate. A revoked
ticket is no longer accepted on any node when the revocation is answered.

In errors, act on \`code\`, never on \`title\` or \`detail\`. Times are RFC 3339 in UTC, durations are in seconds.`;

/** The OpenAPI 3.1 document of the application as it is put together. */
export function apiDocument(app: INestApplication, core: CoreOptions): OpenAPIObject {
  const secure = isSecureOrigin(core);
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Coatcheck')
    .setDescription(DESCRIPTION)
    .setVersion('0.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(core.publicUrl)
    .addCookieAuth(secure ? '__Host-session' : 'session', { type: 'apiKey', in: 'cookie' }, SECURITY_SCHEMES.session)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, SECURITY_SCHEMES.jwt)
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key' }, MACHINE_SCHEMES.apiKey)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'cck_…' }, MACHINE_SCHEMES.apiKeyBearer)
    .addSecurity(MACHINE_SCHEMES.mtls, { type: 'mutualTLS' } as never)
    .build();
  return SwaggerModule.createDocument(app, config);
}

/** `GET /docs` for people, `GET /openapi.json` for programs. The document is built when first asked for. */
export function serveApiDocs(app: INestApplication, options: Options): void {
  const core = options.of(coreOptions);
  SwaggerModule.setup('docs', app, () => apiDocument(app, core), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Coatcheck API',
  });
}
