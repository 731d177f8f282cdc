import type { Fleet } from '../harness/fleet.js';

/** What a client holds: a session cookie, or a pair of tokens. */
export interface Ticket {
  readonly id: number;
  readonly user: FleetUser;
  readonly strategy: 'session' | 'jwt';
  readonly sessionId: string;
  readonly cookie?: string;
  accessToken?: string;
  refreshToken?: string;
  /** Number of the role that the access token was minted with; null for a cookie. */
  tokenRole: number | null;
  /** As far as the driver knows nothing has ended it. */
  isLive: boolean;
  isRefreshing: boolean;
}

/** Somebody with several devices. */
export interface FleetUser {
  readonly number: number;
  readonly id: string;
  readonly tickets: Ticket[];
  /** Number of the latest role that somebody began to give. */
  role: number;
  /** Somebody is revoking something of theirs. */
  isBusy: boolean;
}

interface Welcomed {
  readonly id: string;
  readonly tickets: Pick<Ticket, 'strategy' | 'sessionId' | 'cookie' | 'accessToken' | 'refreshToken'>[];
}

/** All users and their tickets, live and ended ones. */
export class Crowd {
  readonly users: FleetUser[] = [];
  readonly tickets: Ticket[] = [];
  private static welcomed = 0;

  /** @param strategy of the tickets that are taken where the crowd asks; null: all are */
  constructor(private readonly strategy: Ticket['strategy'] | null = null) {}

  /** New users, logged in. */
  async welcome(fleet: Fleet, count: number, ticketsEach: number): Promise<void> {
    const from = Crowd.welcomed;
    Crowd.welcomed += count;
    const newcomers = await fleet.operate<Welcomed[]>({ do: 'welcome', from, count, ticketsEach });
    for (const { id, tickets } of newcomers) this.add(id, tickets);
  }

  /** One at random that is (or is not) live; undefined when luck does not find one. */
  ticket(isLive: boolean): Ticket | undefined {
    return this.pick(this.tickets, (ticket) => ticket.isLive === isLive && this.isTaken(ticket));
  }

  isTaken(ticket: Ticket): boolean {
    return this.strategy === null || ticket.strategy === this.strategy;
  }

  /** Somebody at random with a live ticket, whom nobody else is busy with. */
  idleUser(): FleetUser | undefined {
    return this.pick(this.users, ({ isBusy, tickets }) => !isBusy && tickets.some(({ isLive }) => isLive));
  }

  /** The newest live tickets. */
  newest(count: number): Ticket[] {
    return this.tickets.filter(({ isLive }) => isLive).slice(-count);
  }

  private pick<T>(from: readonly T[], isFit: (one: T) => boolean): T | undefined {
    for (let tries = 0; tries < 50; tries += 1) {
      const one = from[Math.floor(Math.random() * from.length)];
      if (one !== undefined && isFit(one)) return one;
    }
    return undefined;
  }

  private add(id: string, tickets: Welcomed['tickets']): void {
    const user: FleetUser = { number: this.users.length, id, tickets: [], role: 0, isBusy: false };
    this.users.push(user);
    for (const ticket of tickets) {
      const tokenRole = ticket.strategy === 'jwt' ? 0 : null;
      const full = { ...ticket, id: this.tickets.length, user, tokenRole, isLive: true, isRefreshing: false };
      this.tickets.push(full);
      user.tickets.push(full);
    }
  }
}

/** The header line that carries it. */
export function headerOf({ cookie, accessToken }: Pick<Ticket, 'cookie' | 'accessToken'>): string {
  return cookie === undefined ? `authorization: Bearer ${accessToken}\r\n` : `cookie: session=${cookie}\r\n`;
}
