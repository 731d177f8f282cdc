import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What befalls a request: `cut`, its reply is lost; `torn`, all of that but its headers; `drop`, it never arrives. */
export type Fate =
  | 'pass'
  | 'cut'
  | 'torn'
  | 'drop'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly code?: string }
  | { readonly after: Promise<unknown> };

/** As strict as a page can be about its own scripts. */
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";
const PAGE =
  '<!doctype html><html lang="en"><title>Client</title><body><script src="/client.js"></script></body></html>';
const SERVICE = /^\/(auth|example|admin|health)\//;

/** A web site: one page with the client as a script, and behind `/auth` the nodes of a service, which it may keep from answering. */
export class ClientSite {
  /** Requests that came for the service, e.g. `POST /auth/refresh`. */
  readonly asked: string[] = [];
  /** Decides on each; default: they pass. */
  fate: (route: string, incoming: IncomingMessage) => Fate = () => 'pass';
  private nodes: string[] = [];
  private turn = 0;

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  /** @param script what the page loads */
  static async open(script: string, policy = POLICY): Promise<ClientSite> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    await new Promise<void>((done) => server.listen(0, 'localhost', done));
    const site = new ClientSite(server, `http://localhost:${(server.address() as AddressInfo).port}`);
    server.on('request', (incoming, reply) => {
      const url = incoming.url!;
      if (SERVICE.test(url)) void site.pass(incoming, reply);
      else if (url === '/client.js') reply.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
      else reply.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy }).end(PAGE);
    });
    return site;
  }

  /** @param nodes where they listen; they take turns */
  serve(...nodes: string[]): void {
    this.nodes = nodes;
  }

  /** How often a route was asked since the last {@link forget}. */
  count(route: string): number {
    return this.asked.filter((one) => one === route).length;
  }

  forget(): void {
    this.asked.length = 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async pass(incoming: IncomingMessage, reply: ServerResponse): Promise<void> {
    const route = `${incoming.method} ${incoming.url!.split('?')[0]}`;
    this.asked.push(route);
    const fate = this.fate(route, incoming);
    if (fate === 'drop') {
      incoming.socket.destroy();
      return;
    }
    if (typeof fate === 'object' && 'status' in fate) {
      const { status, headers, code = 'unavailable' } = fate;
      const type = { 'content-type': 'application/problem+json' };
      reply.writeHead(status, { ...type, ...headers }).end(JSON.stringify({ type: 'about:blank', status, code }));
      return;
    }
    const node = this.nodes[this.turn++ % this.nodes.length]!;
    const { method, headers } = incoming;
    const passedOn = request(new URL(incoming.url!, node), { method, headers }, async (answer) => {
      if (fate === 'cut') {
        answer.resume().once('end', () => reply.socket?.destroy());
        return;
      }
      if (fate === 'torn') {
        reply.writeHead(answer.statusCode!, { ...answer.headers, 'content-length': '100000' });
        reply.write('{', () => setTimeout(() => reply.socket?.destroy(), 100));
        return;
      }
      if (typeof fate === 'object') await fate.after;
      reply.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(reply);
    });
    passedOn.on('error', () => reply.socket?.destroy());
    incoming.pipe(passedOn);
  }
}
