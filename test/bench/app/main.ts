import 'reflect-metadata';
import { Controller, Get, Module, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthModule, type AuthOptions, type AuthUser, CurrentUser, PasswordHasher, Public, Scopes } from 'coatcheck';
import { FreeHasher } from './free-hasher.js';
import { listenForOrders } from './orders.js';
import { registerSdk, traceRequests } from './sdk.js';
import { countStatements } from './statements.js';

const settings = JSON.parse(process.env.BENCH_APP!) as {
  options: AuthOptions;
  adapter: 'fastify' | 'express';
  realHashes: boolean;
  hasSdk: boolean;
};

/** As long as what the authenticated route answers. */
const NOBODY = { id: '00000000-0000-7000-8000-000000000000', email: 'user-000000@bench.example', name: 'U 000000' };

@Controller()
class ShopController {
  @Get('open')
  @Public()
  open() {
    return NOBODY;
  }

  @Get('me')
  @Scopes('orders:read')
  me(@CurrentUser() { id, email, name }: AuthUser) {
    return { id, email, name };
  }
}

const replaced: Provider[] = settings.realHashes ? [] : [{ provide: PasswordHasher, useClass: FreeHasher }];

@Module({
  // All log in from one address.
  imports: [AuthModule.forRoot({ loginAttempts: 1_000_000, ...settings.options, providers: replaced })],
  controllers: [ShopController],
})
class ShopModule {}

async function main(): Promise<void> {
  countStatements();
  if (settings.hasSdk) registerSdk();
  const quiet = { logger: ['error', 'fatal'] as ('error' | 'fatal')[] };
  const app = await NestFactory.create(ShopModule, await adapter(), quiet);
  if (settings.hasSdk) traceRequests(app);
  listenForOrders(app);
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  process.send!({ url: await app.getUrl() });
}

async function adapter() {
  if (settings.adapter === 'express') return new (await import('@nestjs/platform-express')).ExpressAdapter();
  return new (await import('@nestjs/platform-fastify')).FastifyAdapter();
}

void main();
