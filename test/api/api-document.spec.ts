import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { INestApplication, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { SWAGGER_KEYS } from '../../src/http/api-docs.js';
import { STATUS_OF_CODE } from '../../src/kernel/auth-error.js';
import { OAUTH_ROUTES } from '../../src/oauth/provider/oauth-routes.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';

type Operation = {
  operationId: string;
  summary: string;
  security: object[];
  responses: Record<string, { content?: Record<string, { examples?: object; schema?: object }> }>;
  requestBody?: { content: Record<string, { schema: { $ref: string } }> };
};
const METHODS = ['get', 'post', 'put', 'delete', 'patch', 'all', 'options', 'head'];

/** Routes of the library, which are none of the framework's. */
const isOfProvider = (route: string) =>
  /^\w+ \/(oauth\/(?!interaction\/)|\.well-known\/(openid-configuration|oauth-authorization-server|oauth-protected-resource)$)/.test(
    route,
  );
/** For people, and for the browser on its way: nothing that a program asks. */
const FOR_BROWSERS = /^\/oauth\/(authorize\/:id|device|device\/:id|logout\/(confirm|success))$/;

describe('the OpenAPI document', () => {
  let app: AuthTestApp;
  // biome-ignore lint/suspicious/noExplicitAny: a JSON document
  let document: any;
  let operations: [string, Operation][];
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session', 'jwt', 'api-key', 'oauth'], oauthRegistration: 'token' });
    document = (await app.client().get('/openapi.json')).body;
    operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => [`${method} ${path}`, operation] as [string, Operation]),
    );
  });
  afterAll(() => app.close());

  it('is OpenAPI 3.1, and served as a page too', async () => {
    expect(document.openapi).toBe('3.1.0');
    const page = await app.client().get('/docs');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });

  it('describes every route there is, and no other', () => {
    const own = operations.map(([route]) => route).filter((route) => !isOfProvider(route));
    expect(own.sort()).toEqual(routesOf(app.app).sort());
  });

  it('describes what the provider answers programs, in front of the framework', () => {
    const described = operations.map(([route]) => route).filter(isOfProvider);
    const there = OAUTH_ROUTES.filter(({ path }) => !FOR_BROWSERS.test(path)).flatMap(({ path, methods }) =>
      methods
        .filter((method) => method !== 'HEAD')
        .map((method) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`),
    );
    const all = [...there, 'get /.well-known/oauth-protected-resource'];
    expect(described.sort()).toEqual(all.sort());
  });

  it('describes each operation wholly: id, summary, tag, security, a schema for each body', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [route, operation] of operations) {
      expect([route, operation.summary]).toEqual([route, expect.stringMatching(/\w/)]);
      expect([route, operation.security]).toEqual([route, expect.any(Array)]);
      for (const [status, response] of Object.entries(operation.responses)) {
        const types = Object.keys(response.content ?? {});
        // The provider answers in OAuth's form, and an outside provider is answered in it.
        const isOfOAuth = isOfProvider(route) || route === 'post /auth/federated/{slug}/logout';
        const form = isOfOAuth ? 'application/json' : 'application/problem+json';
        if (Number(status) >= 400 && !isOfProvider(route))
          expect([route, status, types]).toEqual([route, status, [form]]);
      }
    }
  });

  it('lets either ticket open a closed route, and none is needed for a public one', () => {
    const byRoute = new Map(operations);
    const people = [{ sessionCookie: [] }, { accessToken: [] }];
    const machines = [{ apiKey: [] }, { apiKeyBearer: [] }, { clientCertificate: [] }, { clientAccessToken: [] }];
    expect(byRoute.get('get /auth/sessions')!.security).toEqual(people);
    expect(byRoute.get('get /auth/me')!.security).toEqual([...people, ...machines]);
    expect(byRoute.get('get /example/scoped')!.security).toEqual([
      ...people,
      { apiKey: ['example:read'] },
      { apiKeyBearer: ['example:read'] },
      { clientCertificate: ['example:read'] },
      { clientAccessToken: ['example:read'] },
    ]);
    const verifying = [{ apiKey: ['verify'] }, { apiKeyBearer: ['verify'] }];
    expect(byRoute.get('post /auth/followers')!.security).toEqual(verifying);
    expect(byRoute.get('post /auth/followers/look-ups')!.security).toEqual(verifying);
    expect(byRoute.get('post /auth/login')!.security).toEqual([]);
    expect(document.components.securitySchemes.clientCertificate).toEqual({ type: 'mutualTLS' });
    const publicRoutes = operations
      .filter(([route, { security }]) => security.length === 0 && !isOfProvider(route))
      .map(([route]) => route);
    expect(publicRoutes.sort()).toEqual(
      [
        'get /.well-known/jwks.json',
        'get /auth/email/change/confirm',
        'get /auth/email/change/undo',
        'get /auth/email/verify',
        'get /auth/federated/{slug}/callback',
        'get /auth/invitation',
        'get /auth/security/not-me',
        'get /auth/unlock',
        'get /auth/password/reset',
        'get /',
        'get /dev/outbox',
        'get /dev/outbox/{id}',
        'get /example/public',
        'get /health/live',
        'get /health/ready',
        'get /oauth/interaction/{uid}',
        'post /admin/bootstrap',
        'post /auth/email/change/confirm',
        'post /auth/email/change/undo',
        'post /auth/email/verification',
        'post /auth/email/verify',
        'post /auth/federated/{slug}/callback',
        'post /auth/federated/{slug}/logout',
        'post /auth/invitation',
        'post /auth/login',
        'post /auth/login/factor',
        'post /auth/login/federated',
        'post /auth/login/passkey',
        'post /auth/login/passkey/options',
        'post /auth/logout',
        'post /auth/password/forgot',
        'post /auth/password/reset',
        'post /auth/refresh',
        'post /auth/register',
        'post /auth/security/not-me',
        'post /auth/unlock',
        'post /oauth/interaction/{uid}/abort',
        'post /oauth/interaction/{uid}/consent',
        'post /oauth/interaction/{uid}/login',
      ].sort(),
    );
  });

  it('gives every field a description, and every schema its fields', () => {
    for (const [name, schema] of Object.entries<{
      properties?: Record<string, { description?: string; allOf?: object }>;
    }>(document.components.schemas)) {
      expect([name, Object.keys(schema.properties ?? {}).length > 0]).toEqual([name, true]);
      for (const [field, property] of Object.entries(schema.properties!)) {
        expect([name, field, property.description]).toEqual([name, field, expect.stringMatching(/\w/)]);
      }
    }
  });

  it('tells of every route an answer that is no error', () => {
    const withoutOne = operations.filter(
      ([, { responses }]) => !Object.keys(responses).some((code) => /^[23]/.test(code)),
    );
    expect(withoutOne.map(([route]) => route)).toEqual([]);
  });

  it('names every public code', () => {
    expect(document.components.schemas.ProblemDetails.properties.code.enum).toEqual(Object.keys(STATUS_OF_CODE));
  });

  it('lints clean', () => {
    const folder = mkdtempSync(join(tmpdir(), 'coatcheck-openapi-'));
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(document));
    writeFileSync(
      join(folder, 'redocly.yaml'),
      // Routes that only ever redirect a browser have no 2xx; the rule below asks every route for an answer that is none of an error.
      'extends: [recommended-strict]\nrules:\n  operation-4xx-response: off\n  operation-2xx-response: off\n  no-server-example.com: off\n',
    );
    const redocly = resolve(__dirname, '../../node_modules/@redocly/cli/bin/cli.js');
    const lint = () =>
      execFileSync(process.execPath, [redocly, 'lint', 'openapi.json', '--config', 'redocly.yaml'], {
        cwd: folder,
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
        stdio: 'pipe',
        encoding: 'utf8',
      });
    try {
      expect(lint).not.toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it('our decorators write under the keys that @nestjs/swagger reads', () => {
  const swagger = join(require.resolve('@nestjs/swagger'), '../constants.js');
  const { DECORATORS } = require(swagger);
  expect(SWAGGER_KEYS).toEqual({
    operation: DECORATORS.API_OPERATION,
    response: DECORATORS.API_RESPONSE,
    security: DECORATORS.API_SECURITY,
    tags: DECORATORS.API_TAGS,
    extraModels: DECORATORS.API_EXTRA_MODELS,
    exclude: DECORATORS.API_EXCLUDE_CONTROLLER,
    schema: DECORATORS.API_SCHEMA,
    fields: DECORATORS.API_MODEL_PROPERTIES_ARRAY,
    field: DECORATORS.API_MODEL_PROPERTIES,
  });
});

/** Metadata of `@ApiExcludeEndpoint()`. */
const EXCLUDED = 'swagger/apiExcludeEndpoint';

/** `get /auth/sessions/{id}` for every handler in the application, but those of pages, which are for people. */
function routesOf(app: INestApplication): string[] {
  const scanner = new MetadataScanner();
  const controllers = new DiscoveryService(app.get(ModulesContainer)).getControllers();
  const forPrograms = controllers.filter(({ metatype }) => !Reflect.hasMetadata(SWAGGER_KEYS.exclude, metatype!));
  return forPrograms.flatMap(({ metatype }) => {
    const prototype = metatype!.prototype;
    const prefix: string = Reflect.getMetadata(PATH_METADATA, metatype!);
    return scanner
      .getAllMethodNames(prototype)
      .filter((name) => Reflect.hasMetadata(METHOD_METADATA, prototype[name]))
      .filter((name) => !Reflect.hasMetadata(EXCLUDED, prototype[name]))
      .map((name) => {
        const method: RequestMethod = Reflect.getMetadata(METHOD_METADATA, prototype[name]);
        const path = `/${prefix}/${Reflect.getMetadata(PATH_METADATA, prototype[name])}`
          .replace(/\/+/g, '/')
          .replace(/(.)\/$/, '$1');
        return `${METHODS[method]} ${path.replace(/:(\w+)/g, '{$1}')}`;
      });
  });
}
