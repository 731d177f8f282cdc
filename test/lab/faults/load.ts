import { type Ground, loginOf, type Shot, type Ticket, ticketOf } from '../harness/ground.js';
import { pause } from '../harness/pause.js';
import type { Person } from '../harness/people.js';
import { Ledger } from './ledger.js';

/** A request of the load, and what came of it. */
export interface Answer {
  readonly what: string;
  readonly node: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number;
  readonly hasRetryAfter: boolean;
}

/** A node that has not answered well by then never will; a starved machine takes its time. */
const DEAD_MILLISECONDS = 180_000;

/** In a hundred; what is left are session checks. */
const MIX = { refresh: 15, login: 10, register: 5, logout: 5, change: 5 } as const;
const FACES = (Object.keys(MIX) as (keyof typeof MIX)[]).flatMap((what) => Array<typeof what>(MIX[what]).fill(what));

/** The standard load: clients that log in, ask, refresh, log out, register and change their passwords, at every node. */
export class Load {
  readonly answers: Answer[] = [];
  readonly ledger = new Ledger();
  private isOver = false;
  private readonly clients: Promise<void>[] = [];

  private constructor(
    private readonly ground: Ground,
    private readonly strangers: Person[],
  ) {}

  /** @param clients how many at a time, each with a pause of about 20 ms between requests */
  static async begin(ground: Ground, clients: number): Promise<Load> {
    const load = new Load(ground, await ground.people.make(clients * 200));
    for (let i = 0; i < clients; i += 1) load.clients.push(load.live(i));
    return load;
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.clients);
  }

  /** Resolves when every node has answered well since then. @throws after some minutes */
  async recoveredSince(instant: number): Promise<void> {
    for (const end = performance.now() + DEAD_MILLISECONDS; performance.now() < end; await pause(20)) {
      const well = this.answers.filter(({ startedAt, status }) => startedAt >= instant && status < 400);
      if (new Set(well.map(({ node }) => node)).size === this.ground.fleet.nodes.length) return;
    }
    throw new Error('a node did not recover');
  }

  private async live(seat: number): Promise<void> {
    let ticket: Ticket | null = null;
    for (let turn = seat; !this.isOver; turn += 1) {
      // Whoever does not know what became of a request is somebody else from now on.
      ticket = ticket ? await this.act(ticket, turn) : await this.logIn(this.strangers.pop()!, turn);
      await pause(10 + Math.random() * 20);
    }
  }

  private async act(ticket: Ticket, node: number): Promise<Ticket | null> {
    const what = FACES[Math.floor(Math.random() * 100)];
    if (what === 'login') return this.logIn(ticket.person, node, ticket);
    if (what) return this[what](ticket, node);
    await this.ask('session check', { node, method: 'GET', path: '/auth/me', as: ticket });
    return ticket;
  }

  /** Another device of the same person; goes on with `other`, if there is one. */
  private async logIn(person: Person, node: number, other: Ticket | null = null): Promise<Ticket | null> {
    const { reply, isDone } = await this.ask('login', loginOf(person, node));
    if (!isDone) return other;
    const ticket = ticketOf(person, reply);
    this.ledger.alive.add(ticket);
    return other ?? ticket;
  }

  private async refresh(ticket: Ticket, node: number): Promise<Ticket | null> {
    const body = { refreshToken: ticket.refreshToken };
    this.ledger.alive.delete(ticket);
    const { reply, isDone } = await this.ask('refresh', { node, path: '/auth/refresh', body, from: ticket.person });
    if (!isDone) return null;
    const next = ticketOf(ticket.person, reply);
    this.ledger.alive.add(next);
    return next;
  }

  private async register(ticket: Ticket, node: number): Promise<Ticket> {
    const person = this.ground.people.another();
    const { email, password } = person;
    const shot = { node, path: '/auth/register', body: { email, password }, from: person };
    if ((await this.ask('register', shot)).isDone) this.ledger.registered.push(person);
    return ticket;
  }

  private async logout(ticket: Ticket, node: number): Promise<null> {
    this.ledger.alive.delete(ticket);
    if ((await this.ask('logout', { node, path: '/auth/logout', as: ticket })).isDone) this.ledger.ended.push(ticket);
    return null;
  }

  /** Ends every device of the person, acknowledged or not. */
  private async change(ticket: Ticket, node: number): Promise<null> {
    const { person } = ticket;
    const others = [...this.ledger.alive].filter((other) => other.person === person);
    for (const other of others) this.ledger.alive.delete(other);
    const changed = { ...person, password: 'sixteen silent herons' };
    const body = { currentPassword: person.password, newPassword: changed.password };
    const { isDone } = await this.ask('password change', { node, path: '/auth/password/change', body, as: ticket });
    if (!isDone) return null;
    this.ledger.ended.push(...others);
    this.ledger.changed.push(changed);
    return null;
  }

  private async ask(what: string, shot: Shot) {
    const startedAt = performance.now();
    const reply = await this.ground.send(shot);
    const hasRetryAfter = /\r\nretry-after: \d/i.test(reply.head);
    const node = this.ground.node(shot.node).index;
    this.answers.push({ what, node, startedAt, endedAt: performance.now(), status: reply.status, hasRetryAfter });
    return { reply, isDone: reply.status >= 200 && reply.status < 300 };
  }
}
