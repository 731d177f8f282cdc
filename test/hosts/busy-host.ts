import {
  type ArgumentsHost,
  BadRequestException,
  type CallHandler,
  Catch,
  ClassSerializerInterceptor,
  Controller,
  type DynamicModule,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  HttpException,
  type INestApplication,
  Injectable,
  Module,
  type NestInterceptor,
  type PipeTransform,
  Scope,
  ValidationPipe,
  type VersioningOptions,
  VersioningType,
} from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE, HttpAdapterHost, NestFactory, Reflector } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { map } from 'rxjs';
import { AuthModule, type AuthOptions, Clock, Public } from '../../src/index.js';
import { AuthTestApp, FakeClock, testOptions } from '../../src/testing/index.js';
import { closedAtTheEnd } from '../left-open.js';
import { freshDatabase } from '../real-postgres.js';

export const ADAPTERS = ['express', 'fastify'] as const;
export type Adapter = (typeof ADAPTERS)[number];

@Controller('orders')
@Public()
class OrdersController {
  @Get()
  list() {
    return { orders: [] };
  }
}

@Injectable()
class Envelope implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map((data) => ({ data })));
  }
}

@Injectable({ scope: Scope.REQUEST })
class ScopedEnvelope extends Envelope {}

/** Refuses whatever is not a host's own. */
@Injectable({ scope: Scope.REQUEST })
class ScopedPipe implements PipeTransform {
  transform(): never {
    throw new BadRequestException('the host wants nothing');
  }
}

@Catch()
class OwnWords implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const status = thrown instanceof HttpException ? thrown.getStatus() : 500;
    this.adapterHost.httpAdapter.reply(host.switchToHttp().getResponse(), { oops: String(thrown) }, status);
  }
}

const GLOBAL = [
  { provide: APP_INTERCEPTOR, useClass: Envelope },
  { provide: APP_PIPE, useValue: new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }) },
  { provide: APP_FILTER, useClass: OwnWords },
];
/** With these, Nest makes every controller anew for each request. */
const SCOPED = [
  { provide: APP_INTERCEPTOR, useClass: ScopedEnvelope },
  { provide: APP_PIPE, useClass: ScopedPipe },
];

export interface BusyHost {
  readonly adapter: Adapter;
  readonly options?: AuthOptions;
  readonly prefix?: string;
  readonly versioning?: VersioningOptions;
  /** Pipes and interceptors that are made for each request, besides. */
  readonly isScoped?: boolean;
  /** Where the routes are, for the client. Default: the root. */
  readonly path?: string;
  readonly imports?: DynamicModule[];
}

export const URI_VERSIONS: VersioningOptions = { type: VersioningType.URI, defaultVersion: ['1', '2'] };

/** A host that has everything a host can have between a route and its reply, listening. */
export async function bootBusyHost({
  adapter,
  options,
  prefix,
  versioning,
  isScoped,
  path = '',
  imports = [],
}: BusyHost) {
  const database = await freshDatabase();
  const clock = new FakeClock();

  @Module({
    imports: [
      AuthModule.forRoot({
        ...testOptions,
        databaseUrl: database.url,
        ...options,
        providers: [{ provide: Clock, useValue: clock }],
      }),
      ...imports,
    ],
    controllers: [OrdersController],
    providers: [...GLOBAL, ...(isScoped ? SCOPED : [])],
  })
  class BusyModule {}

  const app: INestApplication = await NestFactory.create(
    BusyModule,
    adapter === 'express' ? new ExpressAdapter() : new FastifyAdapter(),
    { logger: ['error', 'warn', 'fatal'], abortOnError: false },
  );
  wrapBelowNest(app, adapter);
  if (prefix) app.setGlobalPrefix(prefix);
  if (versioning) app.enableVersioning(versioning);
  app.useGlobalInterceptors(new ClassSerializerInterceptor(app.get(Reflector), { strategy: 'excludeAll' }));
  await app.listen(0, '127.0.0.1');
  return closedAtTheEnd(new AuthTestApp(app, (await app.getUrl()) + path, clock, () => database.drop()));
}

/** Envelopes that hosts put below Nest: a hook of Fastify, `res.json` of Express. */
function wrapBelowNest(app: INestApplication, adapter: Adapter): void {
  const instance = app.getHttpAdapter().getInstance();
  if (adapter === 'fastify') {
    instance.addHook('preSerialization', async (_request: unknown, _reply: unknown, payload: unknown) => ({ payload }));
    return;
  }
  app.use((_request: unknown, response: { json(body: unknown): unknown }, next: () => void) => {
    const json = response.json.bind(response);
    response.json = (body) => json({ payload: body });
    next();
  });
}
