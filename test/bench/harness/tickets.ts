import type { BenchApp } from '../row.js';

export const PASSWORD = 'an engine weaves algebra';

/** The headers that carry a ticket. */
export type Ticket = Readonly<Record<string, string>>;

/** What a login takes, of a user whom {@link addUsers} has added. */
export function credentialsOf(at: number): { email: string; password: string } {
  return { email: `user-${String(at).padStart(6, '0')}@bench.example`, password: PASSWORD };
}

/** Users with the numbers from `from` on. */
export function addUsers(app: BenchApp, count: number, from = 0): Promise<void> {
  return app.order('addUsers', { from, count, password: PASSWORD });
}

/** What a client has after a login. */
export interface LoggedIn {
  readonly ticket: Ticket;
  refresh: string | null;
  /** The cookie by which the browser is known the next time; null: it was known. */
  readonly device: string | null;
}

/** Logs in, from the browser that has this cookie already. */
export async function logIn(app: BenchApp, at: number, known: string | null = null): Promise<LoggedIn> {
  const headers: Ticket = known ? { cookie: known } : {};
  const answer = await post(app, '/auth/login', { headers, body: { ...credentialsOf(at) } });
  const { accessToken } = (await answer.json()) as { accessToken?: string };
  const cookies = answer.headers.getSetCookie().map((line) => line.split(';', 1)[0]!);
  const named = (name: string) => cookies.find((cookie) => cookie.includes(`${name}=`)) ?? null;
  const kept = { refresh: named('refresh'), device: named('device') };
  if (accessToken) return { ticket: { authorization: `Bearer ${accessToken}` }, ...kept };
  return { ticket: { cookie: named('session')! }, ...kept };
}

/** The tickets of as many users. */
export async function ticketsOf(app: BenchApp, count: number): Promise<Ticket[]> {
  await addUsers(app, count);
  const logins = [];
  for (let at = 0; at < count; at++) logins.push(await logIn(app, at));
  return logins.map(({ ticket }) => ticket);
}

/** @throws unless it succeeds */
export async function post(
  app: BenchApp,
  path: string,
  { headers = {}, body }: { headers?: Ticket; body?: object } = {},
): Promise<Response> {
  const type: Ticket = body ? { 'content-type': 'application/json' } : {};
  const sent = body ? { body: JSON.stringify(body) } : {};
  const answer = await fetch(app.url + path, { method: 'POST', headers: { ...type, ...headers }, ...sent });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}
