import { SoftwareAuthenticator } from '../../../src/testing/software-authenticator.js';
import type { CeremonyOptions } from '../../../src/testing/webauthn-ceremony.js';
import { codeAt } from '../../flows/authenticator-app.js';
import { type Ground, loginOf, type Ticket, ticketOf } from '../harness/ground.js';
import type { Person } from '../harness/people.js';

/** Somebody with an authenticator app. */
export interface Protected {
  readonly as: Ticket;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** Whatever is sent, and must be answered as expected for the round to mean anything. */
export async function ask<Reply = Record<string, never>>(
  ground: Ground,
  shot: Parameters<Ground['send']>[0],
  status = 200,
): Promise<Reply> {
  const reply = await ground.send(shot);
  if (reply.status !== status) throw new Error(`${shot.path} was answered ${reply.status} ${reply.body}`);
  return JSON.parse(reply.body) as Reply;
}

/** Logs somebody in and sets an authenticator app up. */
export async function withApp(ground: Ground, as: Ticket, node: number): Promise<Protected> {
  const { secret } = await ask<{ secret: string }>(ground, {
    node,
    path: '/auth/factors/totp',
    body: { password: as.person.password },
    as,
  });
  const body = { code: codeAt(secret, new Date()), transport: 'body' };
  const shot = { node: node + 1, path: '/auth/factors/totp/confirm', body, as };
  const done = await ask<{ recoveryCodes: string[]; accessToken: string }>(ground, shot);
  return { as: { person: as.person, accessToken: done.accessToken }, secret, recoveryCodes: done.recoveryCodes };
}

export function newAuthenticator(): SoftwareAuthenticator {
  return new SoftwareAuthenticator({ origin: 'http://fleet.localhost' });
}

export function creationOptions(ground: Ground, as: Ticket, node: number): Promise<CeremonyOptions> {
  return ask<CeremonyOptions>(ground, {
    node,
    path: '/auth/factors/passkeys/options',
    body: { password: as.person.password },
    as,
  });
}

/** Registers one passkey more; answers the tickets of the session that goes on. */
export async function withPasskey(
  ground: Ground,
  as: Ticket,
  authenticator: SoftwareAuthenticator,
  node: number,
): Promise<Ticket> {
  const credential = authenticator.create(await creationOptions(ground, as, node));
  const shot = { node: node + 1, path: '/auth/factors/passkeys', body: { credential, transport: 'body' }, as };
  const { accessToken } = await ask<{ accessToken: string }>(ground, shot, 201);
  return { person: as.person, accessToken };
}

/** Another session, by the passkey alone. */
export async function byPasskey(
  ground: Ground,
  person: Person,
  authenticator: SoftwareAuthenticator,
  node: number,
): Promise<Ticket> {
  const requested = { node, path: '/auth/login/passkey/options', body: {}, from: person };
  const credential = authenticator.get(await ask<CeremonyOptions>(ground, requested));
  const body = { credential, strategy: 'jwt', transport: 'body' };
  const reply = await ground.send({ node: node + 1, path: '/auth/login/passkey', body, from: person });
  if (reply.status !== 200) throw new Error(`a passkey was answered ${reply.status} ${reply.body}`);
  return ticketOf(person, reply);
}

/** What a login by the password comes to. */
export function begin(ground: Ground, person: Person, node: number): Promise<{ status: string; loginToken: string }> {
  return ask(ground, loginOf(person, node));
}
