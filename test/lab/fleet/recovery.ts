import type { FleetNode } from '../harness/fleet.js';
import { pause } from '../harness/pause.js';
import type { Scene } from './scene.js';

/** So few tickets that a view which may keep anything soon has them all. */
const TICKETS = 60;
const WINDOW_MILLISECONDS = 250;
/** In each window, besides look-ups: a heartbeat. */
const HEARTBEAT_CALLS = 4;
/** A node that asks its store for every request by then will do so for ever; a starved machine takes its time. */
const LIMIT_MILLISECONDS = 180_000;

/** How long each node took, the slowest counting. */
export interface Recovery {
  readonly firstAcceptance: number | null;
  readonly withoutLookups: number | null;
}

/** Watches the nodes after a fault, with nobody revoking anything. */
export async function recoveryOf(scene: Scene, mendedAt: number): Promise<Recovery> {
  scene.revoker.rest(true);
  scene.traffic.narrowTo(scene.crowd.newest(TICKETS));
  const each = await Promise.all(scene.fleet.nodes.map((node) => watch(scene, node, mendedAt)));
  scene.traffic.narrowTo(null);
  scene.revoker.rest(false);
  return {
    firstAcceptance: slowest(each.map(({ firstAcceptance }) => firstAcceptance)),
    withoutLookups: slowest(each.map(({ withoutLookups }) => withoutLookups)),
  };
}

async function watch({ history }: Scene, { index, proxy }: FleetNode, mendedAt: number): Promise<Recovery> {
  let seen = history.requests.length;
  let firstAcceptance: number | null = null;
  while (history.now() - mendedAt < LIMIT_MILLISECONDS) {
    const { calls } = proxy;
    await pause(WINDOW_MILLISECONDS);
    const accepted = history.requests.slice(seen).filter(({ node, status }) => node === index && status === 200);
    seen = history.requests.length;
    const first = accepted.find(({ startedAt }) => startedAt > mendedAt);
    if (first) firstAcceptance ??= first.endedAt - mendedAt;
    const lookups = proxy.calls - calls - HEARTBEAT_CALLS;
    if (firstAcceptance !== null && accepted.length > 10 && lookups < accepted.length / 10) {
      return { firstAcceptance, withoutLookups: history.now() - mendedAt };
    }
  }
  return { firstAcceptance, withoutLookups: null };
}

function slowest(each: readonly (number | null)[]): number | null {
  return each.some((one) => one === null) ? null : Math.max(...each.map((one) => one!));
}
