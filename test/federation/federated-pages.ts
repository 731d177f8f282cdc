import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthOptions } from '../../src/auth-options.js';
import { type FakeProvider, type FakeProviderSettings, startFakeProvider } from '../../src/testing/index.js';
import { bootPages, type PagesUnderTest } from '../pages/boot-pages.js';
import type { PageVisitor, Shown } from '../pages/page-visitor.js';

/** A connection as the options' file has it, beside what its provider says. */
export interface FiledConnection {
  readonly slug: string;
  readonly domains?: readonly string[];
  readonly disabled?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly provider?: FakeProviderSettings;
}

/** The service with pages, and outside providers, one for each connection. */
export interface FederatedPages extends PagesUnderTest {
  readonly providers: Readonly<Record<string, FakeProvider>>;
}

/** Boots the service with connections of its options' file. */
export async function bootFederatedPages(
  connections: readonly FiledConnection[],
  options: AuthOptions = {},
): Promise<FederatedPages> {
  let pages: PagesUnderTest | undefined;
  const clock = { now: () => pages?.app.clock.now() ?? new Date() };
  const started = await Promise.all(
    connections.map(async (one) => [one.slug, await startFakeProvider({ clock, ...one.provider })] as const),
  );
  const providers = Object.fromEntries(started);
  const entries = connections.map(({ provider: _, ...one }) => {
    const { issuer, clientId, clientSecret } = providers[one.slug]!;
    return { kind: 'oidc', issuer, clientId, clientSecret, ...one };
  });
  const folder = mkdtempSync(join(tmpdir(), 'coatcheck-federated-'));
  const file = join(folder, 'connections.json');
  writeFileSync(file, JSON.stringify(entries));
  pages = await bootPages({ federated: file, ...options }).finally(() => rmSync(folder, { recursive: true }));
  const { close } = pages;
  return Object.assign(pages, {
    providers,
    close: async () => {
      await close();
      await Promise.all(Object.values(providers).map((provider) => provider.stop()));
    },
  });
}

/** Where a page that goes on by itself leads to. */
export function leadsTo({ status, headers, html }: Shown): URL {
  const refresh = /^0; url=(.*)$/.exec(headers.get('refresh') ?? '');
  if (status !== 200 || refresh === null) throw new Error(`leads nowhere: ${status} ${html}`);
  return new URL(refresh[1]!);
}

/** Goes to the provider and comes back, as the browser does. @returns the answer of the callback */
export async function throughProvider(visitor: PageVisitor, leaving: Shown): Promise<Shown> {
  const reply = await fetch(leadsTo(leaving), { redirect: 'manual' });
  const back = new URL(reply.headers.get('location')!);
  return visitor.open(back.pathname + back.search, { 'sec-fetch-site': 'cross-site' });
}

/** Presses a button on the sign-in page, and comes back from its provider. */
export async function signInWith(visitor: PageVisitor, place: string, path = '/sign-in'): Promise<Shown> {
  await visitor.open(path);
  return throughProvider(visitor, await visitor.submit({ place }, '/sign-in/federated'));
}
