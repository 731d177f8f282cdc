import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { OptionalAuth } from '../../src/access/optional-auth.decorator.js';
import { AuthGuard, addCoatcheckSecurity, isCoatcheckRoute, Public, Scopes } from '../../src/index.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';

/** Named like one of ours. */
class LoginRequest {
  @ApiProperty({ description: 'Of the host.' })
  badge!: string;
}

@Controller('gates')
class GatesController {
  @Public()
  @ApiOperation({ summary: 'Open to all' })
  @Get('open')
  open(): string {
    return 'open';
  }

  @Scopes('gates:read')
  @ApiOperation({ summary: 'Also for machines' })
  @Get()
  list(): string[] {
    return [];
  }

  @OptionalAuth()
  @Get('greeting')
  greet(): string {
    return 'hello';
  }

  @Post('login')
  @ApiOperation({ summary: 'By badge' })
  enter(@Body() _request: LoginRequest): void {}
}

@Module({ controllers: [GatesController] })
class GatesModule {}

describe("an application's own API document", () => {
  let app: AuthTestApp;
  // biome-ignore lint/suspicious/noExplicitAny: a JSON document
  let document: any;
  beforeAll(async () => {
    app = await bootHost({ imports: [GatesModule], adapter: 'express' });
    const config = addCoatcheckSecurity(new DocumentBuilder().setTitle('Gates'), app.app).build();
    document = SwaggerModule.createDocument(app.app, config);
  });
  afterAll(() => app.close());

  it('has its own schema beside ours of the same name', () => {
    const { LoginRequest: theirs, CoatcheckLoginRequest: ours } = document.components.schemas;
    expect([Object.keys(theirs.properties), Object.keys(ours.properties)]).toEqual([
      ['badge'],
      expect.arrayContaining(['email', 'password']),
    ]);
    const login = document.paths['/auth/login'].post.requestBody.content['application/json'].schema;
    expect(login.$ref).toBe('#/components/schemas/CoatcheckLoginRequest');
  });

  it('refers to nothing that is not there', () => {
    const references = JSON.stringify(document).match(/#\/components\/schemas\/[^"]+/g)!;
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(references.filter((one) => !known.includes(one))).toEqual([]);
    const schemes = Object.values<Record<string, { security?: object[] }>>(document.paths)
      .flatMap((item) => Object.values(item))
      .flatMap(({ security = [] }) => security.flatMap((one) => Object.keys(one)));
    expect([...new Set(schemes)].filter((name) => !(name in document.components.securitySchemes))).toEqual([]);
  });

  it('says of a guarded route what opens it, and how it refuses', () => {
    const { get } = document.paths['/gates'];
    expect(get.security).toEqual([
      { sessionCookie: [] },
      { accessToken: [] },
      { apiKey: ['gates:read'] },
      { apiKeyBearer: ['gates:read'] },
      { clientCertificate: ['gates:read'] },
      { clientAccessToken: ['gates:read'] },
    ]);
    expect(Object.keys(get.responses)).toEqual(expect.arrayContaining(['200', '401', '403']));
    expect(document.paths['/gates/login'].post.security).toEqual([{ sessionCookie: [] }, { accessToken: [] }]);
    const greeting = document.paths['/gates/greeting'].get;
    expect(greeting.security).toEqual([{ sessionCookie: [] }, { accessToken: [] }, {}]);
    const open = document.paths['/gates/open'].get;
    // Nothing said is nothing asked for.
    expect([open.summary, open.security ?? [], open.responses['401']]).toEqual(['Open to all', [], undefined]);
  });

  it('has the schemes alone for an application that is not there yet', () => {
    const { components } = addCoatcheckSecurity(new DocumentBuilder()).build();
    expect(components!.securitySchemes).toMatchObject({ sessionCookie: { name: '__Host-session' } });
  });
});

it('a part of the application can tell our routes from its own', () => {
  const contextOf = (controller: unknown) => ({ getClass: () => controller }) as never;
  expect(isCoatcheckRoute(contextOf(GatesController))).toBe(false);
  expect(isCoatcheckRoute(contextOf(AuthGuard))).toBe(false);
  expect(isCoatcheckRoute(contextOf(undefined))).toBe(false);
});
