import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a page needs to use passkeys: the platform's own functions, and JSON both ways. */
const PAGE = `<!doctype html>
<html lang="en"><title>Passkeys</title>
<input name="email" autocomplete="username webauthn">
<script>
  const post = async (path, body) => {
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body ?? {}) });
    return { status: reply.status, body: reply.status === 204 ? null : await reply.json() };
  };
  const create = async (options) => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return (await navigator.credentials.create({ publicKey })).toJSON();
  };
  const get = async (options, mediation) => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return (await navigator.credentials.get({ publicKey, mediation })).toJSON();
  };
</script></html>`;

/** A web site: one page, and behind `/auth` the service. Its address is known before the service is. */
export class Site {
  private service = '';

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async open(): Promise<Site> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, 'localhost', done));
    const site = new Site(server, `http://localhost:${(server.address() as AddressInfo).port}`);
    server.on('request', (incoming, reply) => {
      if (!incoming.url!.startsWith('/auth/')) {
        reply.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
        return;
      }
      const { method, headers } = incoming;
      const passedOn = request(new URL(incoming.url!, site.service), { method, headers }, (answer) => {
        reply.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(reply);
      });
      incoming.pipe(passedOn);
    });
    return site;
  }

  /** @param service where it listens */
  serve(service: string): void {
    this.service = service;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
