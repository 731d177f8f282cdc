import { writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import { Options } from '../config/options.js';
import { withPagesOfService } from '../pages/pages-options.js';
import { apiDocument } from './api-document.js';
import { serviceSections } from './service-sections.js';

/** Run by the build: writes the document of the production service, without starting any of it (Nest's preview mode). */
async function main(file: string): Promise<void> {
  const values = {
    nodeEnv: 'test',
    publicUrl: 'https://auth.example.com',
    // As of the routes, those of strategies that are off by default.
    authStrategies: ['session', 'oauth'],
    oauthRegistration: 'token',
  };
  const options = Options.resolve(serviceSections, { ...withPagesOfService(values) });
  const module = AppModule.forRoot({ ...values, nodeEnv: 'production' });
  const app = await NestFactory.create(module, new FastifyAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  writeFileSync(file, `${JSON.stringify(apiDocument(app, options), null, 2)}\n`);
}

main(process.argv[2] ?? 'dist/openapi.json').catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
