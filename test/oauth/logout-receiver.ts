import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose';
import type { AuthTestApp } from '../../src/testing/index.js';

/** What a client was told, verified. */
export interface Told {
  readonly claims: JWTPayload;
  readonly header: Readonly<Record<string, unknown>>;
  readonly contentType: string | undefined;
}

/** A client that is told of logouts, and verifies what it is told by the published keys alone. */
export class LogoutReceiver {
  readonly told: Told[] = [];
  /** Of answers; 0: none is given, and the connection is cut. */
  status = 200;
  /** Called before each answer. */
  before: () => Promise<unknown> | unknown = () => undefined;
  asked = 0;
  private server: Server | undefined;

  private constructor(
    private readonly app: AuthTestApp,
    readonly port: number,
  ) {}

  static async start(app: AuthTestApp): Promise<LogoutReceiver> {
    const receiver = new LogoutReceiver(app, 0);
    const port = await receiver.listen(0);
    return Object.assign(receiver, { port });
  }

  get uri(): string {
    return `http://127.0.0.1:${this.port}/logout`;
  }

  async listen(port = this.port): Promise<number> {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', async () => {
        this.asked += 1;
        await this.before();
        if (this.status === 0) return request.socket.destroy();
        if (this.status === 200) await this.verify(body, request.headers['content-type']);
        response.writeHead(this.status, { location: 'http://127.0.0.1:1/' }).end('x'.repeat(1_000));
      });
    });
    const { server } = this;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** As OpenID Connect Back-Channel Logout 1.0 §2.6 says. */
  private async verify(body: string, contentType: string | undefined): Promise<void> {
    const token = new URLSearchParams(body).get('logout_token')!;
    const keys = (await this.app.client().get('/.well-known/jwks.json')).body;
    const { issuer } = (await this.app.client().get('/.well-known/openid-configuration')).body;
    const currentDate = this.app.clock.now();
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys), { issuer, currentDate });
    this.told.push({ claims: payload, header: { ...protectedHeader }, contentType });
  }
}
