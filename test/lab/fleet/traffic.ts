import type { Fleet, FleetNode } from '../harness/fleet.js';
import type { HttpReply } from '../harness/http-connection.js';
import { pause } from '../harness/pause.js';
import { type Crowd, headerOf, type Ticket } from './crowd.js';
import type { History, RequestRecord, RevocationRecord } from './history.js';

/** Whom clients ask. */
export type AskedNode = Pick<FleetNode, 'index' | 'client'>;

/** Of the requests: so many bring a ticket that has ended. */
const SHARE_OF_ENDED = 0.2;

/** Clients that ask every node all the time, with live tickets and with ended ones, and refresh when they are told to. */
export class Traffic {
  private isOver = false;
  private narrow: readonly Ticket[] | null = null;
  private readonly loops: Promise<void>[] = [];
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly fleet: Fleet,
    private readonly crowd: Crowd,
    private readonly history: History,
    private readonly pace: { readonly connectionsPerNode: number; readonly pauseMilliseconds: number },
    /** Whom they ask: the nodes, or other services that verify tickets. */
    private readonly asked: () => readonly AskedNode[] = () => fleet.nodes,
  ) {}

  begin(): void {
    for (const node of this.asked()) {
      for (let i = 0; i < this.pace.connectionsPerNode; i += 1) this.loops.push(this.hammer(node));
    }
  }

  /** From now on only these, or again all. */
  narrowTo(tickets: readonly Ticket[] | null): void {
    this.narrow = tickets;
  }

  /** Asks every one of them for each of the tickets that they take. */
  everywhere(tickets: readonly Ticket[]): Promise<unknown> {
    const taken = tickets.filter((ticket) => this.crowd.isTaken(ticket));
    return Promise.all(this.asked().flatMap((node) => taken.map((ticket) => this.ask(node, ticket))));
  }

  /** Asks one node who one is, and writes it down. */
  async ask(node: AskedNode, ticket: Ticket): Promise<RequestRecord> {
    const { tokenRole } = ticket;
    const startedAt = this.history.now();
    const asking = node.client.send('GET', '/auth/me', headerOf(ticket));
    this.underWay.add(asking);
    const reply = await asking;
    this.underWay.delete(asking);
    const record = this.note(node, ticket, reply, { startedAt, tokenRole, role: roleOf(reply) });
    // Somebody ended it, and was perhaps never told so.
    if (record.code === 'session_ended' || (record.code === 'unauthenticated' && tokenRole === null)) {
      ticket.isLive = false;
    }
    return record;
  }

  /** A new pair of tokens. When the reply is lost the ticket is given up: whether it was exchanged is unknown. */
  async refresh(node: FleetNode, ticket: Ticket): Promise<HttpReply> {
    ticket.isRefreshing = true;
    const { id, user } = ticket;
    const doubt = { by: 'lost refresh', kind: 'ended', tickets: [id], user: user.number } as const;
    const startedAt = this.history.now();
    const reply = await node.client.send('POST', '/auth/refresh', '', { refreshToken: ticket.refreshToken });
    if (reply.status === 200) {
      Object.assign(ticket, JSON.parse(reply.body));
      ticket.tokenRole = roleOfToken(ticket.accessToken!);
    } else ticket.isLive = false;
    if (reply.status !== 200 && reply.status !== 401) this.history.revocations.push(unconfirmed(doubt, startedAt));
    // A refresh proves itself by no access token, and shows the role by the one it mints.
    this.note(node, ticket, reply, {
      startedAt,
      tokenRole: null,
      role: reply.status === 200 ? ticket.tokenRole : null,
    });
    ticket.isRefreshing = false;
    return reply;
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.loops);
    await Promise.all(this.underWay);
  }

  private async hammer(node: AskedNode): Promise<void> {
    while (!this.isOver) {
      const ticket = this.next();
      if (ticket) {
        const { code, status } = await this.ask(node, ticket);
        const awake = this.fleet.nodes.filter(({ isAwake }) => isAwake);
        const other = awake[Math.floor(Math.random() * awake.length)];
        if (code === 'token_expired' && ticket.isLive && !ticket.isRefreshing && !ticket.user.isBusy && other) {
          await this.refresh(other, ticket);
        }
        // A dead node refuses at once: that is no reason to ask it more often.
        if (status === 0) await pause(50);
      }
      await pause(this.pace.pauseMilliseconds * (0.5 + Math.random()));
    }
  }

  private note(
    node: AskedNode,
    ticket: Ticket,
    reply: HttpReply,
    seen: Pick<RequestRecord, 'startedAt' | 'tokenRole' | 'role'>,
  ): RequestRecord {
    const record: RequestRecord = {
      ...seen,
      ticket: ticket.id,
      user: ticket.user.number,
      node: node.index,
      endedAt: this.history.now(),
      status: reply.status,
      code: codeOf(reply),
      touchedCookies: reply.touchedCookies,
    };
    this.history.requests.push(record);
    return record;
  }

  private next(): Ticket | undefined {
    if (this.narrow) return this.narrow[Math.floor(Math.random() * this.narrow.length)];
    return this.crowd.ticket(Math.random() > SHARE_OF_ENDED);
  }
}

/** The code of a refusal. */
export function codeOf({ body }: HttpReply): string | null {
  return /"code":"(\w+)"/.exec(body)?.[1] ?? null;
}

function unconfirmed(
  revocation: Omit<RevocationRecord, 'startedAt' | 'acknowledgedAt'>,
  startedAt: number,
): RevocationRecord {
  return { ...revocation, startedAt, acknowledgedAt: null };
}

function roleOf({ status, body }: HttpReply): number | null {
  const role = status === 200 ? /"roles":\["r(\d+)"\]/.exec(body)?.[1] : undefined;
  return role === undefined ? null : Number(role);
}

function roleOfToken(token: string): number {
  const { roles } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { roles: string[] };
  return Number(roles[0]!.slice(1));
}
