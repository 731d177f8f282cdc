import type { Fleet, FleetNode } from '../harness/fleet.js';
import { pause } from '../harness/pause.js';
import { type Crowd, type FleetUser, headerOf, type Ticket } from './crowd.js';
import type { History, RevocationRecord } from './history.js';
import { codeOf, type Traffic } from './traffic.js';

/** How long to wait until the nodes that can answer know a ticket, before it is revoked. */
const WARM_MILLISECONDS = 250;
const AT_A_TIME = 4;

type Deed = (user: FleetUser, ticket: Ticket, node: FleetNode) => Promise<void>;

/** Ends sessions, bans users and changes roles, in all ways there are; then asks every node at once. */
export class Revoker {
  private isOver = false;
  private isPaused = false;
  private loops: Promise<void>[] = [];
  /** The likelier ones more than once. */
  private readonly deeds: Deed[] = [
    ...Array<Deed>(4).fill((_user, ticket, node) => this.logOut(ticket, node)),
    ...Array<Deed>(4).fill((user, _ticket, _node) => this.changeRole(user)),
    ...Array<Deed>(2).fill((user, ticket, node) => this.endFromList(user, ticket, node)),
    (user, ticket, node) => this.logOutEverywhere(user, ticket, node),
    (_user, ticket, node) => this.reuseRefreshToken(ticket, node),
    (user) => this.ban(user),
  ];

  constructor(
    private readonly fleet: Fleet,
    private readonly crowd: Crowd,
    private readonly history: History,
    private readonly traffic: Traffic,
    private readonly pauseMilliseconds: number,
  ) {}

  begin(): void {
    this.loops = Array.from({ length: AT_A_TIME }, () => this.loop());
  }

  rest(isPaused: boolean): void {
    this.isPaused = isPaused;
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.allSettled(this.loops);
  }

  /** Somebody whom nobody else will touch until `isBusy` is taken back. */
  seizeUser(): FleetUser | undefined {
    const user = this.crowd.idleUser();
    if (user) user.isBusy = true;
    return user;
  }

  anyAwake(): FleetNode | undefined {
    const awake = this.fleet.nodes.filter(({ isAwake }) => isAwake);
    return awake[Math.floor(Math.random() * awake.length)];
  }

  /** Asks every node for each of the tickets. */
  everywhere(tickets: readonly Ticket[]): Promise<unknown> {
    return this.traffic.everywhere(tickets);
  }

  async logOut(ticket: Ticket, node: FleetNode): Promise<void> {
    const record = this.beginEnd('logout', [ticket]);
    const { status } = await node.client.send('POST', '/auth/logout', headerOf(ticket));
    if (status === 204) this.acknowledge(record);
  }

  private async loop(): Promise<void> {
    while (!this.isOver) {
      if (!this.isPaused) await this.doSomething();
      await pause(this.pauseMilliseconds);
    }
  }

  private async doSomething(): Promise<void> {
    const user = this.seizeUser();
    const node = this.anyAwake();
    if (!user) return;
    const ticket = user.tickets.find(({ isLive, isRefreshing }) => isLive && !isRefreshing);
    if (ticket && node) await this.revoke(user, ticket, node);
    user.isBusy = false;
  }

  private async revoke(user: FleetUser, ticket: Ticket, node: FleetNode): Promise<void> {
    const live = user.tickets.filter(({ isLive }) => isLive);
    await Promise.race([this.everywhere(live), pause(WARM_MILLISECONDS)]);
    const deed = this.deeds[Math.floor(Math.random() * this.deeds.length)]!;
    if (ticket.isLive) await deed(user, ticket, node);
    // Not awaited: a node that is stopped has the questions waiting in its sockets when it wakes.
    void this.everywhere(live);
  }

  private async endFromList(user: FleetUser, ticket: Ticket, node: FleetNode): Promise<void> {
    const by = user.tickets.find((other) => other.isLive && other !== ticket && other.strategy === 'session');
    if (!by) return;
    const record = this.beginEnd('end from the list', [ticket]);
    const { status } = await node.client.send('DELETE', `/auth/sessions/${ticket.sessionId}`, headerOf(by));
    if (status === 204) this.acknowledge(record);
  }

  private async logOutEverywhere(user: FleetUser, ticket: Ticket, node: FleetNode): Promise<void> {
    if (ticket.strategy !== 'session') return;
    const keepCurrent = Math.random() < 0.5;
    const ending = user.tickets.filter((other) => other.isLive && !(keepCurrent && other === ticket));
    if (ending.length === 0) return;
    const record = this.beginEnd('logout everywhere', ending);
    const { status } = await node.client.send('POST', '/auth/logout-all', headerOf(ticket), { keepCurrent });
    if (status === 204) this.acknowledge(record);
  }

  private async reuseRefreshToken(ticket: Ticket, node: FleetNode): Promise<void> {
    if (ticket.strategy !== 'jwt') return;
    const { refreshToken } = ticket;
    for (const _ of ['its successor', 'and one more, so that the first is no direct predecessor']) {
      if ((await this.traffic.refresh(node, ticket)).status !== 200) return;
    }
    const record = this.beginEnd('refresh reuse', [ticket]);
    const reply = await node.client.send('POST', '/auth/refresh', '', { refreshToken });
    if (reply.status === 401 && codeOf(reply) === 'session_ended') this.acknowledge(record);
  }

  private ban(user: FleetUser): Promise<void> {
    return this.operate(this.beginEnd('ban', user.tickets), { do: 'ban', userId: user.id });
  }

  private async changeRole(user: FleetUser): Promise<void> {
    user.role += 1;
    const { number, role } = user;
    const record = this.history.beginRevocation({ by: 'role', kind: 'changed', tickets: [], user: number, role });
    await this.operate(record, { do: 'roles', userId: user.id, roles: [`r${role}`] });
  }

  private async operate(record: RevocationRecord, order: object): Promise<void> {
    const isDone = await this.fleet.operate(order).then(Boolean, () => false);
    if (isDone) this.acknowledge(record);
  }

  private beginEnd(by: string, tickets: readonly Ticket[]): RevocationRecord {
    for (const ticket of tickets) ticket.isLive = false;
    const user = tickets[0]!.user.number;
    return this.history.beginRevocation({ by, kind: 'ended', tickets: tickets.map(({ id }) => id), user });
  }

  private acknowledge(record: RevocationRecord): void {
    record.acknowledgedAt = this.history.now();
  }
}
