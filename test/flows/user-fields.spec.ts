import { Controller, Get, type Type } from '@nestjs/common';
import { ApiProperty, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { DataSource } from 'typeorm';
import { CurrentUser } from '../../src/access/route-decorators.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { SWAGGER_KEYS } from '../../src/http/api-docs.js';
import { classesWithDeclaredFields } from '../../src/http/body-fields.js';
import { MaxDepth } from '../../src/http/max-depth.decorator.js';
import type { AuthUser } from '../../src/kernel/auth-context.js';
import type { FieldError } from '../../src/kernel/auth-error.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { fieldNamesOf } from '../../src/users/declared-user-fields.js';
import { registrationFieldsSection } from '../../src/users/registration-fields.js';
import { UserStore } from '../../src/users/user.store.js';
import { UserField } from '../../src/users/user-field.decorator.js';
import { bootHost } from '../boot-host.js';

declare module '../../src/kernel/user-fields.js' {
  interface UserFields {
    readonly company: string;
    readonly newsletter: boolean;
    readonly plan: string;
    readonly tags: string[];
    readonly story: string;
  }
}

class Fields {
  @ApiProperty({ description: 'Employer.', example: 'Analytical Engines' })
  @UserField({ changeable: true })
  @IsString()
  @Length(2, 80)
  company!: string;

  @IsOptional()
  @IsBoolean()
  newsletter?: boolean;

  @ApiProperty({ description: 'What is paid for.', type: String })
  @UserField({ adminOnly: true })
  @IsOptional()
  @IsIn(['free', 'paid'])
  plan = 'free';

  @UserField({ changeable: true })
  @MaxDepth(1)
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(5)
  @IsString({ each: true })
  tags?: string[];

  @UserField({ changeable: true })
  @IsOptional()
  @IsString()
  @MaxLength(5000)
  story?: string;
}

@Controller('mine')
class MineController {
  @Get()
  show(@CurrentUser() { fields: { company } }: AuthUser) {
    return { company };
  }
}

const PASSWORD = 'an engine weaves algebra';
let counter = 0;
const freshEmail = () => `fields-${++counter}@example.com`;
const tokenIn = ({ text }: { text: string }) => /token=([\w.-]+)/.exec(text)![1]!;

describe('declared fields of a user', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    app = await bootHost({ registrationFields: Fields, controllers: [MineController] });
    admin = await app.logIn({ fields: { company: 'Ops' }, changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  const register = (fields: object, email = freshEmail()) =>
    app.client().post('/auth/register', { email, password: PASSWORD, ...fields });
  const userOf = (email: string) => app.app.get(UserStore, { strict: false }).findByEmail(email);
  const errorsOf = ({ status, body }: TestReply) => [
    status,
    body.code,
    body.errors?.map(({ field, rule }: FieldError) => `${field} ${rule}`).sort(),
  ];

  it.each(['session', 'jwt'])('are given at registration and reach handlers and replies: %s', async (strategy) => {
    const ada = await app.logIn({ strategy, fields: { company: 'Engines', newsletter: true, tags: ['maths'] } });
    expect((await ada.get('/mine')).body).toEqual({ company: 'Engines' });
    const { user } = (await ada.get('/auth/me')).body;
    // The class says who begins with which plan.
    expect(user).toMatchObject({
      email: ada.email,
      company: 'Engines',
      newsletter: true,
      tags: ['maths'],
      plan: 'free',
    });
    expect(user).not.toHaveProperty('fields');
    expect((await admin.get(`/admin/users/${ada.userId}`)).body).toMatchObject({ company: 'Engines', plan: 'free' });
  });

  it.each([
    ['missing', {}, ['company isLength', 'company isString']],
    ['null', { company: null }, ['company isLength', 'company isString']],
    ['of another type', { company: 5 }, ['company isLength', 'company isString']],
    ['an object', { company: { $ne: 1 } }, ['company isFlat']],
    ['too long', { company: 'x'.repeat(81) }, ['company isLength']],
    ['with half a character', { company: 'a\ud800b' }, ['company wellFormed']],
    ['with a NUL', { company: 'a\0b' }, ['company wellFormed']],
    ['for admins only', { company: 'ok', plan: 'paid' }, ['plan whitelistValidation']],
    ['not declared', { company: 'ok', isAdmin: true }, ['isAdmin whitelistValidation']],
    ['fields of ours', { company: 'ok', fields: { plan: 'paid' } }, ['fields whitelistValidation']],
    ['too much together', { company: 'ok', story: 'x'.repeat(4500) }, ['company, plan, story tooLarge']],
    [
      'wrong with another',
      { company: 1, newsletter: 'no', name: 5 },
      expect.arrayContaining(['name isString', 'company isString', 'newsletter isBoolean']),
    ],
  ])('are refused with what is wrong: %s', async (_, fields, errors) => {
    const email = freshEmail();
    const reply = await register(fields, email);
    expect(errorsOf(reply)).toEqual([400, 'validation_failed', errors]);
    const database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    expect(await database.query('SELECT id FROM coatcheck.registrations WHERE email = $1', [email])).toEqual([]);
  });

  it('named __proto__ pollute nothing', async () => {
    const raw = `{"email":"${freshEmail()}","password":"${PASSWORD}","company":"ok","__proto__":{"plan":"paid"}}`;
    const reply = await app.client().post('/auth/register', raw);
    expect(reply.status).toBe(400);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('plan');
    expect(({} as { plan?: string }).plan).toBeUndefined();
  });

  it('are those of the registration whose link is followed, and of none where several were pending', async () => {
    const [alone, contested] = [freshEmail(), freshEmail()];
    await register({ company: 'Mine' }, alone);
    expect(await userOf(alone)).toBeNull();
    await app.client().post('/auth/email/verify', { token: tokenIn((await app.mails(alone))[0]!) });
    expect((await userOf(alone))!.fields).toEqual({ company: 'Mine', plan: 'free' });
    await register({ company: 'A squatter’s' }, contested);
    await app.client().post('/auth/register', { email: contested, password: 'sixteen silent herons', company: 'Mine' });
    for (const mail of await app.mails(contested))
      await app.client().post('/auth/email/verify', { token: tokenIn(mail) });
    expect((await userOf(contested))!.fields).toBeNull();
  });

  it('are changed by their user where declared so, each by itself, on every session at once', async () => {
    const ada = await app.logIn({ fields: { company: 'Engines', newsletter: true } });
    const other = await app.logInAgain({ email: ada.email, password: ada.password });
    expect((await other.get('/mine')).body.company).toBe('Engines');
    const replies = await Promise.all([
      ada.request('PATCH', '/auth/me', { company: 'Looms' }),
      ada.request('PATCH', '/auth/me', { tags: ['a', 'b'] }),
      ada.request('PATCH', '/auth/me', { name: 'Ada King' }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await other.get('/auth/me')).body.user).toMatchObject({
      name: 'Ada King',
      company: 'Looms',
      tags: ['a', 'b'],
      newsletter: true,
    });
    expect((await ada.request('PATCH', '/auth/me', { tags: null })).body).not.toHaveProperty('tags');
    // An access token that says who they are need not be renewed for it.
    expect((await userOf(ada.email))!.revision).toBe(1);
  });

  it('are not changed by their user otherwise, nor beyond the bound', async () => {
    const ada = await app.logIn({ fields: { company: 'Engines' } });
    const before = await userOf(ada.email);
    expect(errorsOf(await ada.request('PATCH', '/auth/me', { newsletter: true }))).toEqual([
      400,
      'validation_failed',
      ['newsletter whitelistValidation'],
    ]);
    expect(errorsOf(await ada.request('PATCH', '/auth/me', { plan: 'paid' }))[0]).toBe(400);
    expect(errorsOf(await ada.request('PATCH', '/auth/me', { company: null }))[0]).toBe(400);
    expect((await ada.request('PATCH', '/auth/me', { story: 'x'.repeat(4000) })).status).toBe(200);
    const tooMuch = await ada.request('PATCH', '/auth/me', { tags: ['y'.repeat(200)] });
    expect(errorsOf(tooMuch)).toEqual([400, 'validation_failed', ['tags tooLarge']]);
    expect((await ada.request('PATCH', '/auth/me', { story: null })).status).toBe(200);
    expect(await userOf(ada.email)).toEqual(before);
  });

  it('are set and changed by admins, each of them, and the audit names which', async () => {
    const email = freshEmail();
    const created = await admin.post('/admin/users', { email, plan: 'paid' });
    expect([created.status, created.body.plan, created.body.company]).toEqual([201, 'paid', undefined]);
    const path = `/admin/users/${created.body.id}`;
    expect((await admin.request('PATCH', path, { company: 'Given', name: 'Grace' })).body).toMatchObject({
      name: 'Grace',
      company: 'Given',
      plan: 'paid',
    });
    expect(errorsOf(await admin.request('PATCH', path, { plan: 'gold' }))).toEqual([
      400,
      'validation_failed',
      ['plan isIn'],
    ]);
    const { events } = (await admin.get(`/admin/audit?userId=${created.body.id}&type=user.updated`)).body;
    expect(events.flatMap(({ details }: { details: { fields: string[] } }) => details.fields).sort()).toEqual([
      'company',
      'name',
    ]);
  });

  it('are imported, and a row whose fields will not do is left out', async () => {
    const [good, bad, odd] = [freshEmail(), freshEmail(), freshEmail()];
    const users = [
      { email: good, fields: { plan: 'paid', tags: ['x'] } },
      { email: bad, fields: { plan: 'gold' } },
      { email: odd, fields: { isAdmin: true } },
    ];
    const refused = [1, 2].map((index) => ({ index, reason: 'fields_refused' }));
    expect((await admin.post('/admin/import', { users })).body).toEqual({ imported: 1, refused });
    expect((await userOf(good))!.fields).toEqual({ plan: 'paid', tags: ['x'] });
    expect(await userOf(bad)).toBeNull();
  });

  it('make no access token and no cookie longer', async () => {
    const small = await app.logIn({ strategy: 'jwt', fields: { company: 'xy' } });
    const large = await app.logIn({ strategy: 'jwt', fields: { company: 'xy', story: 'x'.repeat(3000) } });
    expect(large.accessToken!.length).toBe(small.accessToken!.length);
  });

  it('are in the OpenAPI document, for each body as it takes them', () => {
    const { components } = SwaggerModule.createDocument(app.app, new DocumentBuilder().build());
    const schema = (name: string) =>
      components!.schemas![`Coatcheck${name}`] as {
        required?: string[];
        properties: Record<string, object>;
      };
    expect(schema('RegisterRequest').properties.company).toEqual({
      type: 'string',
      description: 'Employer.',
      example: 'Analytical Engines',
    });
    expect(schema('RegisterRequest').required).toEqual(expect.arrayContaining(['email', 'password', 'company']));
    expect(schema('RegisterRequest').required).not.toContain('newsletter');
    expect(schema('RegisterRequest').properties).not.toHaveProperty('plan');
    expect(Object.keys(schema('ChangeProfileRequest').properties).sort()).toEqual([
      'company',
      'language',
      'name',
      'story',
      'tags',
    ]);
    expect(schema('ChangeProfileRequest').required ?? []).toEqual([]);
    for (const name of ['UserReply', 'AdminUserReply', 'CreateUserRequest', 'ChangeUserRequest'])
      expect([name, schema(name).properties.plan]).toEqual([name, expect.objectContaining({ type: 'string' })]);
  });
});

describe('without declared fields', () => {
  it('a registration takes none, and a user has none', async () => {
    const app = await bootHost();
    const reply = await app.client().post('/auth/register', { email: freshEmail(), password: PASSWORD, company: 'x' });
    expect([reply.status, reply.body.errors[0].field]).toEqual([400, 'company']);
    const ada = await app.logIn();
    expect(Object.keys((await ada.get('/auth/me')).body.user)).toEqual([
      'id',
      'email',
      'emailVerified',
      'name',
      'roles',
      'createdAt',
    ]);
    await app.close();
  });
});

describe('fields that a stranger gave with an address that is not proven', () => {
  it('are dropped with the name when another browser proves it', async () => {
    const app = await bootHost({ registrationFields: Fields, options: { emailVerification: 'optional' } });
    const users = app.app.get(UserStore, { strict: false });
    const email = freshEmail();
    await app.client().post('/auth/register', { email, password: PASSWORD, name: 'Eve', company: 'Planted' });
    expect((await users.findByEmail(email))!.fields).toMatchObject({ company: 'Planted' });
    await app.client().post('/auth/email/verify', { token: tokenIn((await app.mails(email))[0]!) });
    const { name, fields } = (await users.findByEmail(email))!;
    // The plan is what the class says of a new user, which no stranger can choose.
    expect([name, fields]).toEqual([null, { plan: 'free' }]);
    await app.close();
  });
});

describe('a declaration that cannot be kept', () => {
  class Taken {
    @IsString() roles!: string;
  }
  class Empty {}
  class BotChecks {
    @IsString() captchaToken!: string;
  }
  it.each([
    [Taken, 'taken or odd: roles'],
    [BotChecks, 'taken or odd: captchaToken'],
    [Empty, 'declares no field'],
  ])('stops the boot: %p', async (registrationFields, problem) => {
    await expect(bootHost({ registrationFields })).rejects.toThrow(problem);
  });

  it('is one of a name that any route with such fields has of its own', () => {
    const declaredHere = new Set(fieldNamesOf(Fields));
    const described = (dto: Type): string[] => Reflect.getMetadata(SWAGGER_KEYS.fields, dto.prototype) ?? [];
    const names = [...classesWithDeclaredFields().keys()].flatMap((dto) => [
      ...fieldNamesOf(dto),
      ...described(dto).map((name) => name.slice(':'.length)),
    ]);
    expect(names).toEqual(expect.arrayContaining(['email', 'token', 'banReason']));
    const untaken = names.filter((name) => {
      class One {}
      IsString()(One.prototype, name);
      return registrationFieldsSection(One).validate?.({}, new Set()).length === 0;
    });
    expect(untaken.filter((name) => !declaredHere.has(name))).toEqual([]);
  });
});
