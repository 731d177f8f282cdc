import { pause } from '../harness/pause.js';
import type { Ticket } from './crowd.js';
import type { Scene } from './scene.js';

/**
 * Has all nodes know so many tickets, then lets `fault` happen, and logs them out, each at some moment of a lease after it.
 * Meanwhile no node is woken by a notification: each learns in its own time.
 */
export async function rushAfter(scene: Scene, count: number, fault: () => Promise<void>): Promise<void> {
  const { revoker, fleet } = scene;
  const users = Array.from({ length: count }, () => revoker.seizeUser()).filter((user) => user !== undefined);
  const tickets = users.map(({ tickets }) => tickets.find(({ isLive }) => isLive)!);
  const leaseMilliseconds = fleet.settings.leaseSeconds * 1000;
  for (const { proxy } of fleet.nodes) proxy.slowDown('listeners', leaseMilliseconds);
  await revoker.everywhere(tickets);
  await fault();
  await Promise.all(tickets.map((ticket) => logOut(scene, ticket, leaseMilliseconds)));
  for (const { proxy } of fleet.nodes) proxy.mend();
}

async function logOut({ revoker }: Scene, ticket: Ticket, within: number): Promise<void> {
  await pause(Math.random() * within);
  const node = revoker.anyAwake();
  if (node) await revoker.logOut(ticket, node);
  await revoker.everywhere([ticket]);
}
