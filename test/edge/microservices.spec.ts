import { Controller, Get, Logger } from '@nestjs/common';
import { type ClientProxy, ClientProxyFactory, MessagePattern, Transport } from '@nestjs/microservices';
import { lastValueFrom, timeout } from 'rxjs';
import { CurrentUser } from '../../src/access/route-decorators.js';
import { AuthError } from '../../src/kernel/auth-error.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { reservePort } from '../ports.mjs';
import { bootEdge } from './boot-edge.js';

@Controller('stock')
class StockController {
  @MessagePattern('count')
  count(data: { of: string }) {
    return `3 ${data.of}`;
  }

  @MessagePattern('who')
  who(@CurrentUser() user: unknown) {
    return { user: user ?? null };
  }

  @MessagePattern('sold-out')
  soldOut() {
    throw new AuthError('rate_limited', { reason: 'no_more_of_them', retryAfterSeconds: 7 });
  }

  @Get()
  list() {
    return [];
  }
}

describe('a hybrid application that inherits its configuration', () => {
  let app: AuthTestApp;
  let client: ClientProxy;

  beforeAll(async () => {
    const port = await reservePort();
    app = await bootEdge({
      controllers: [StockController],
      prepare: async (host) => {
        const options = { host: '127.0.0.1', port };
        host.connectMicroservice({ transport: Transport.TCP, options }, { inheritAppConfig: true });
        await host.startAllMicroservices();
      },
    });
    client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
  });

  afterAll(async () => {
    client.close();
    await app.close();
  });

  const send = (pattern: string) => lastValueFrom(client.send(pattern, { of: 'hats' }).pipe(timeout(20_000)));

  it('leaves messages of other services alone', async () => {
    expect(await send('count')).toBe('3 hats');
    expect(await send('who')).toEqual({ user: null });
    expect((await app.client().get('/stock')).body.code).toBe('unauthenticated');
  });

  it('gives them an answer where Coatcheck refuses, and no stack in the log', async () => {
    const error = jest.spyOn(Logger.prototype, 'error');
    await expect(send('sold-out')).rejects.toEqual(
      expect.objectContaining({ status: 'error', code: 'rate_limited', retryAfterSeconds: 7 }),
    );
    expect(error).not.toHaveBeenCalled();
    error.mockRestore();
  });
});
