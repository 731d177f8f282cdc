import { Fleet, type FleetNode } from './fleet.js';
import type { HttpReply } from './http-connection.js';
import { Mailbox } from './mailbox.js';
import { People, type Person } from './people.js';
import { Volley } from './volley.js';

/** What a client holds after a login. */
export interface Ticket {
  readonly person: Person;
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly cookie?: string;
  /** As a proxy passes it on, RFC 9440. */
  readonly certificate?: string;
}

/** A request to one of the nodes. */
export interface Shot {
  readonly node: number;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly as?: Ticket;
  /** Where it comes from; else where the ticket's owner sits. */
  readonly from?: Person;
}

/** Cheap, so that races and not hashes take the time; rows about hashing say otherwise. */
const CHEAP = { memoryKib: 64 };

/** Three real nodes on one PostgreSQL, everyone's mailbox, and an admin. */
export class Ground {
  admin!: Ticket;

  private constructor(
    readonly fleet: Fleet,
    readonly mailbox: Mailbox,
    readonly people: People,
  ) {}

  static async start(environment: NodeJS.ProcessEnv = {}, { memoryKib } = CHEAP, size = 3): Promise<Ground> {
    const mailbox = await Mailbox.open();
    const settings = {
      NODE_ENV: 'test',
      MAIL_URL: mailbox.url,
      MAIL_POLL_SECONDS: '1',
      // Every person sits at an address of their own.
      TRUSTED_PROXIES: '127.0.0.1',
      // Who registers an address many times is not to be stopped before the race.
      MAILS_PER_ADDRESS: '1000',
      PASSWORD_HASH_MEMORY_KIB: String(memoryKib),
      SECOND_FACTOR_ROLES: 'staff',
      LOG_LEVEL: 'log',
      ...environment,
    };
    const toNodes = { size, leaseSeconds: 3, isMeasured: true, environment: settings };
    const fleet = await Fleet.start('postgres', toNodes).catch(async (error) => {
      await mailbox.close();
      throw error;
    });
    const ground = new Ground(fleet, mailbox, new People(fleet.stores.databaseUrl, memoryKib));
    try {
      const [admin] = await ground.people.make(1, ['admin']);
      // In a cookie: an access token would have to be refreshed in a run that takes its time.
      ground.admin = await ground.logIn(admin!, 0, 'session');
      return ground;
    } catch (error) {
      await ground.end();
      throw error;
    }
  }

  /** Resolves when every living node has applied whatever was committed by now: a logout is acknowledged no sooner. */
  async settle(node: number): Promise<void> {
    const [person] = await this.people.make(1);
    const { status } = await this.send({ node, path: '/auth/logout', as: await this.logIn(person!, node) });
    if (status !== 204) throw new Error(`a logout was answered ${status}`);
  }

  /** The node of this number, counted round and round. */
  node(number: number): FleetNode {
    return this.fleet.nodes[number % this.fleet.nodes.length]!;
  }

  send(shot: Shot, volley?: Volley): Promise<HttpReply> {
    const { node, path, body, as, from = as?.person } = shot;
    const method = shot.method ?? 'POST';
    const headers = [
      from && `x-forwarded-for: ${from.ip}`,
      as?.accessToken && `authorization: Bearer ${as.accessToken}`,
      as?.cookie && `cookie: ${as.cookie}`,
      as?.certificate && `client-cert: ${as.certificate}`,
      // A browser that stays on its site says so.
      as?.cookie && 'sec-fetch-site: same-origin',
    ];
    const lines = headers.filter(Boolean).map((line) => `${line}\r\n`);
    return this.node(node).client.send(method, path, lines.join(''), body, volley);
  }

  /** All of them at once, to the last byte; the replies in the order of the requests. */
  async volley(shots: readonly Shot[]): Promise<HttpReply[]> {
    const volley = new Volley();
    const replies = shots.map((shot) => this.send(shot, volley));
    await volley.fire();
    return Promise.all(replies);
  }

  /** @throws when it is refused */
  async logIn(person: Person, node: number, strategy: 'session' | 'jwt' = 'jwt'): Promise<Ticket> {
    const reply = await this.send(loginOf(person, node, strategy));
    if (reply.status !== 200) throw new Error(`a login was answered ${reply.status} ${reply.body}`);
    return ticketOf(person, reply);
  }

  /** How many nodes accept it: each is asked who one is, or for new tokens. */
  async acceptances(tickets: readonly Ticket[]): Promise<number> {
    const requested = tickets.flatMap((as) => this.fleet.nodes.map(({ index }) => ({ as, node: index })));
    const replies = await Promise.all(requested.map(({ as, node }) => this.send(proofOf(as, node))));
    return replies.filter(({ status }) => status === 200).length;
  }

  async end(): Promise<void> {
    await this.people.close();
    await this.fleet.end();
    await this.mailbox.close();
  }
}

export function loginOf(person: Person, node: number, strategy: 'session' | 'jwt' = 'jwt'): Shot {
  const { email, password } = person;
  const transport = strategy === 'jwt' ? 'body' : undefined;
  return { node, path: '/auth/login', body: { email, password, strategy, transport }, from: person };
}

/** Whatever a reply hands out: tokens in its body, cookies in its head. */
export function ticketOf(person: Person, { head, body }: HttpReply): Ticket {
  const { accessToken, refreshToken } = body ? JSON.parse(body) : ({} as Partial<Ticket>);
  const lines = head.split('\r\n').filter((line) => /^set-cookie: (__Host-)?session=[^;]/i.test(line));
  const cookie = lines.map((line) => line.slice('set-cookie: '.length).split(';')[0]).join('; ');
  return { person, accessToken, refreshToken, ...(cookie && { cookie }) };
}

/** The tickets of one reply, each by itself. */
export function apart({ person, accessToken, refreshToken, cookie }: Ticket): Ticket[] {
  return [
    ...(accessToken ? [{ person, accessToken }] : []),
    ...(refreshToken ? [{ person, refreshToken }] : []),
    ...(cookie ? [{ person, cookie }] : []),
  ];
}

function proofOf(as: Ticket, node: number): Shot {
  const isRefresh = as.refreshToken !== undefined && as.accessToken === undefined;
  if (!isRefresh) return { node, method: 'GET', path: '/auth/me', as };
  return { node, path: '/auth/refresh', body: { refreshToken: as.refreshToken }, from: as.person };
}
