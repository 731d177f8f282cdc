import { loginOf, type Ticket, ticketOf } from '../harness/ground.js';
import type { HttpReply } from '../harness/http-connection.js';
import type { Person } from '../harness/people.js';
import type { ServiceProcess } from '../ship/service-process.js';

/** So many tickets a client keeps and never gives back: they must be good at the end. */
const KEPT = 4;

/**
 * Clients of one installation, each a person with several devices: they log in, ask, refresh and log out all the time, each time at the next node
 * in the rotation, as a balancer does. Whatever they are answered that users should not see is a complaint.
 */
export class Clients {
  readonly complaints: string[] = [];
  readonly done = { logins: 0, requests: 0, refreshes: 0, logouts: 0, refusals: 0, refusalsOfOtherVersion: 0 };
  private readonly kept = new Map<Person, Ticket[]>();
  private readonly loops: Promise<void>[] = [];
  private isOver = false;
  private turn = 0;
  private lives = 0;

  /** @param rotation who is asked; may change at any time */
  constructor(
    private readonly people: readonly Person[],
    readonly rotation: ServiceProcess[],
  ) {}

  begin(): void {
    for (const [index, person] of this.people.entries()) this.loops.push(this.live(person, index));
  }

  /** Waits until as many more logins as there are people have come to their end, and every node in the rotation has its share. */
  async goOn(): Promise<void> {
    const until = this.lives + this.people.length;
    while (this.lives < until && this.complaints.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Tells how many tickets were kept to the end; that each is good at every node is checked here. */
  async end(): Promise<number> {
    this.isOver = true;
    await Promise.all(this.loops);
    const tickets = [...this.kept.values()].flat();
    for (const ticket of tickets) for (const node of this.rotation) await this.ask(ticket, node, 'at the end');
    return tickets.length;
  }

  private async live(person: Person, index: number): Promise<void> {
    for (let life = index; !this.isOver; life += 1) {
      const strategy = life % 2 ? 'jwt' : 'session';
      const reply = await this.send(this.next(), loginOf(person, 0, strategy));
      if (!this.expect(reply, 200, `a login by ${strategy}`)) return;
      this.done.logins += 1;
      let ticket = ticketOf(person, reply);
      for (let i = 0; i < 3; i += 1) await this.ask(ticket, this.next(), 'a new ticket');
      ticket = await this.refresh(ticket);
      await this.useKept(person);
      const kept = this.kept.get(person) ?? [];
      if (kept.length < KEPT) this.kept.set(person, [...kept, ticket]);
      else await this.logOut(ticket);
      this.lives += 1;
    }
  }

  /** An old device comes again. */
  private async useKept(person: Person): Promise<void> {
    const kept = this.kept.get(person) ?? [];
    const ticket = kept.shift();
    if (!ticket) return;
    await this.ask(ticket, this.next(), 'a kept ticket');
    kept.push(await this.refresh(ticket));
  }

  /** The same ticket where there is nothing to refresh. */
  private async refresh(ticket: Ticket): Promise<Ticket> {
    if (!ticket.refreshToken) return ticket;
    const body = { refreshToken: ticket.refreshToken };
    const reply = await this.send(this.next(), { path: '/auth/refresh', body, from: ticket.person });
    if (!this.expect(reply, 200, 'a refresh')) return ticket;
    this.done.refreshes += 1;
    const fresh = ticketOf(ticket.person, reply);
    await this.ask(fresh, this.next(), 'a refreshed ticket');
    return fresh;
  }

  /** When it is acknowledged, no node takes the ticket any more, of whichever version. */
  private async logOut(ticket: Ticket): Promise<void> {
    const asked = this.next();
    const reply = await this.send(asked, { path: '/auth/logout', as: ticket });
    if (!this.expect(reply, 204, 'a logout')) return;
    this.done.logouts += 1;
    for (const node of [...this.rotation]) {
      const refusal = await this.send(node, { method: 'GET', path: '/auth/me', as: ticket });
      if (!this.expect(refusal, 401, 'a ticket after its logout')) continue;
      this.done.refusals += 1;
      if (node.build !== asked.build) this.done.refusalsOfOtherVersion += 1;
    }
    if (!ticket.refreshToken) return;
    const body = { refreshToken: ticket.refreshToken };
    const again = await this.send(this.next(), { path: '/auth/refresh', body, from: ticket.person });
    this.expect(again, 401, 'a refresh after the logout');
  }

  private async ask(ticket: Ticket, node: ServiceProcess, what: string): Promise<void> {
    const reply = await this.send(node, { method: 'GET', path: '/auth/me', as: ticket });
    if (this.expect(reply, 200, what)) this.done.requests += 1;
  }

  private send(node: ServiceProcess, shot: Shot): Promise<HttpReply> {
    const { method = 'POST', path, body, as, from = as?.person } = shot;
    const lines = [
      `x-forwarded-for: ${from!.ip}`,
      as?.accessToken && `authorization: Bearer ${as.accessToken}`,
      as?.cookie && `cookie: ${as.cookie}`,
      as?.cookie && 'sec-fetch-site: same-origin',
    ];
    const headers = lines.filter(Boolean).map((line) => `${line}\r\n`);
    return node.client.send(method, path, headers.join(''), body);
  }

  private expect({ status, body }: HttpReply, wanted: number, what: string): boolean {
    if (status !== wanted) this.complaints.push(`${what} was answered ${status} ${body.slice(0, 300)}`);
    return status === wanted;
  }

  private next(): ServiceProcess {
    this.turn += 1;
    return this.rotation[this.turn % this.rotation.length]!;
  }
}

interface Shot {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly as?: Ticket;
  readonly from?: Person;
}
