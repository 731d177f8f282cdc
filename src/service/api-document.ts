import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { STRATEGY_CLASSES, type TicketStrategy } from '../access/ticket-strategy.js';
import { type CoreOptions, coreOptions, isSecureOrigin } from '../config/core-options.js';
import type { Options } from '../config/options.js';

const DESCRIPTION = `Users log in once. Each later request carries a ticket: a session cookie, an access token, an API key or a client certificate. A revoked
ticket is no longer accepted on any node when the revocation is answered.

In errors, act on \`code\`, never on \`title\` or \`detail\`. Times are RFC 3339 in UTC, durations are in seconds.`;

/** The OpenAPI 3.1 document of the application as it is put together. */
export function apiDocument(app: INestApplication, core: CoreOptions): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Coatcheck')
    .setDescription(DESCRIPTION)
    .setVersion('0.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(core.publicUrl);
  // Also of strategies that are switched off: the document is the same for every configuration.
  for (const strategy of app.get<readonly (typeof TicketStrategy)[]>(STRATEGY_CLASSES, { strict: false })) {
    const schemes = strategy.securitySchemes(isSecureOrigin(core));
    for (const [name, scheme] of Object.entries(schemes)) builder.addSecurity(name, scheme as never);
  }
  return SwaggerModule.createDocument(app, builder.build());
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
