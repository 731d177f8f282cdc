import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { isPublicAddress, PublicFetch } from './public-fetch.js';

const fetching = (nodeEnv: string) => {
  const secretKey = 'dGVzdHMgb25seTogdGhpcyBrZXkgaXMgbm90IGEga2U';
  return new PublicFetch(
    Options.resolve([coreOptions], {
      nodeEnv,
      secretKey,
      publicUrl: 'https://auth.example.com',
      authStrategies: ['session'],
    }),
  );
};

describe('an address that a stranger has named', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fc00::1',
    'fe80::1',
    'not an address',
  ])('is none of the Internet’s where it is %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])('may be %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    'https://127.0.0.1/a',
    'https://[::1]/a',
    'https://[::ffff:10.0.0.1]/a',
    'https://0x7f.1/a',
    'https://2130706433/a',
    'https://localhost/a',
    'http://example.com/a',
    'ftp://example.com/a',
  ])('is not asked in production where it is %s', async (address) => {
    await expect(fetching('production').fetch(address)).rejects.toThrow(/public address|https address/);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://10.1.2.3/a',
    'https://[fd00::1]/a',
    'http://0xa9fea9fe/a',
  ])('is not asked outside of production either where it is %s', async (address) => {
    await expect(fetching('test').fetch(address)).rejects.toThrow('not a public address');
  });

  describe('that answers', () => {
    let server: Server;
    let url: string;
    const asked: string[] = [];
    beforeAll(async () => {
      server = createServer((request, response) => {
        asked.push(request.url ?? '');
        if (request.url === '/moved') response.writeHead(302, { location: '/there' }).end();
        else if (request.url === '/large') response.end('a'.repeat(100_000));
        else if (request.url === '/never') return;
        else response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });

    it('is read, in a trial', async () => {
      const response = await fetching('test').fetch(`${url}/document`);
      expect([response.status, await response.json()]).toEqual([200, { a: 1 }]);
    });

    it('is not followed to where it sends one', async () => {
      expect((await fetching('test').fetch(`${url}/moved`)).status).toBe(302);
      expect(asked).not.toContain('/there');
    });

    it('is not read to the end where that is far', async () => {
      await expect(fetching('test').fetch(`${url}/large`)).rejects.toThrow('too large');
    });

    it('is not waited for once its caller has given up', async () => {
      const signal = AbortSignal.abort();
      await expect(fetching('test').fetch(`${url}/never`, { signal })).rejects.toThrow();
    });
  });
});
