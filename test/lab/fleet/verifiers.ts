import { resolve } from 'node:path';
import { reservePort } from '../../ports.mjs';
import { Child } from '../harness/child.js';
import type { Fleet, FleetNode } from '../harness/fleet.js';
import { HttpClient } from '../harness/http-connection.js';
import { StoreProxy } from '../harness/store-proxy.js';
import type { AskedNode } from './traffic.js';

const SCRIPT = resolve(__dirname, 'verifying-service.mjs');
/** In histories, so that none is taken for a node. */
const FIRST_INDEX = 100;

/** Another service: a process of its own, and its way to one node of the fleet. */
export interface VerifyingService extends AskedNode {
  readonly port: number;
  readonly node: FleetNode;
  /** The stream of revocations is among its `listeners`: by the word in its name. */
  readonly proxy: StoreProxy;
  readonly address: string;
}

/** Several services that verify tickets of one fleet. */
export class Verifiers {
  readonly services: VerifyingService[] = [];
  private keeper!: Child;

  private constructor(
    private readonly fleet: Fleet,
    private readonly credential: string,
  ) {}

  static async start(fleet: Fleet, count: number): Promise<Verifiers> {
    const verifiers = new Verifiers(fleet, await credentialOf(fleet));
    verifiers.keeper = await Child.start('keeper.mjs');
    for (let i = 0; i < count; i += 1) await verifiers.add(i);
    return verifiers;
  }

  async signal(service: VerifyingService, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    await this.keeper.ask({ do: 'signal', name: nameOf(service), signal });
  }

  async boot(service: VerifyingService): Promise<void> {
    const env = {
      SERVICE_URL: service.address.replace(/\/$/, ''),
      CREDENTIAL: this.credential,
      NAME: `${nameOf(service)} LISTEN`,
      PORT: String(service.port),
      NODE_OPTIONS: '',
    };
    const order = {
      do: 'start',
      name: nameOf(service),
      command: process.execPath,
      args: [SCRIPT],
      ready: 'listens on',
    };
    await this.keeper.ask({ ...order, env });
  }

  async end(): Promise<void> {
    for (const { client, proxy } of this.services) {
      client.close();
      proxy.close();
    }
    await this.keeper.end();
  }

  private async add(number: number): Promise<void> {
    const node = this.fleet.nodes[number % this.fleet.nodes.length]!;
    const port = await reservePort();
    const proxy = new StoreProxy(new URL(`http://127.0.0.1:${node.port}`));
    const service = {
      index: FIRST_INDEX + number,
      port,
      node,
      proxy,
      address: await proxy.open(),
      client: new HttpClient(port),
    };
    this.services.push(service);
    await this.boot(service);
  }
}

function nameOf({ index }: Pick<VerifyingService, 'index'>): string {
  return `service-${index}`;
}

/** An API key of a service user, as an admin makes one. */
async function credentialOf(fleet: Fleet): Promise<string> {
  const [admin] = await fleet.operate<{ id: string; tickets: { cookie?: string }[] }[]>({
    do: 'welcome',
    from: 9_000_000 + Math.floor(Math.random() * 1_000_000),
    count: 1,
    ticketsEach: 1,
  });
  await fleet.operate({ do: 'roles', userId: admin!.id, roles: ['admin'] });
  const cookie = `cookie: session=${admin!.tickets[0]!.cookie}\r\n`;
  const { client } = fleet.nodes[0]!;
  const made = await client.send('POST', '/admin/users', cookie, { kind: 'service', name: 'orders' });
  const { id } = JSON.parse(made.body) as { id: string };
  const key = await client.send('POST', `/admin/users/${id}/api-keys`, cookie, { name: 'verify', scopes: ['verify'] });
  if (key.status !== 201) throw new Error(`no key: ${key.status} ${key.body}`);
  return (JSON.parse(key.body) as { apiKey: string }).apiKey;
}
