/** What a visitor was shown. */
export interface Shown {
  readonly status: number;
  readonly headers: Headers;
  /** Path and query, if it leads elsewhere. */
  readonly location: string | null;
  readonly html: string;
}

/** A browser without scripts: it keeps cookies, sends forms as it found them, and follows nothing by itself. */
export class PageVisitor {
  readonly cookies = new Map<string, string>();
  private latest: { readonly path: string; readonly html: string } = { path: '/', html: '' };

  /** @param headers of every request; by default those of a browser that sends Fetch Metadata */
  constructor(
    readonly url: string,
    private readonly headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
  ) {}

  async open(path: string, headers: Record<string, string> = {}): Promise<Shown> {
    const shown = await this.send('GET', path, undefined, headers);
    this.latest = { path, html: shown.html };
    return shown;
  }

  /**
   * Sends the form of the page shown last that posts to `path`, with its hidden fields.
   *
   * @param path default: the only form's own
   */
  async submit(
    fields: Record<string, string> = {},
    path?: string,
    headers: Record<string, string> = {},
  ): Promise<Shown> {
    const form = this.form(path);
    const shown = await this.send('POST', form.action, { ...form.hidden, ...fields }, headers);
    if (shown.location === null) this.latest = { path: form.action, html: shown.html };
    return shown;
  }

  /** Opens where the last reply led to, until a page is shown. */
  async follow(shown: Shown): Promise<Shown> {
    let reply = shown;
    for (let hops = 0; reply.location !== null; hops++) {
      if (hops > 5) throw new Error(`led round in circles, to ${reply.location}`);
      reply = await this.open(reply.location);
    }
    return reply;
  }

  /** Action and hidden fields of a form. */
  form(path?: string): { readonly action: string; readonly hidden: Record<string, string> } {
    const forms = [...this.latest.html.matchAll(/<form method="post"([^>]*)>([\s\S]*?)<\/form>/g)].map(
      ([, attributes = '', inside = '']) => ({
        action: this.resolved(unescaped(/action="([^"]*)"/.exec(attributes)?.[1] ?? this.latest.path)),
        hidden: Object.fromEntries(
          [...inside.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name, value]) => [
            name!,
            unescaped(value!),
          ]),
        ),
      }),
    );
    // Every page has that of the sign-out too.
    const own = forms.filter(({ action }) => !action.endsWith('/sign-out'));
    const found =
      path === undefined ? (own[0] ?? forms[0]) : forms.find(({ action }) => action.split('?', 1)[0] === path);
    if (found === undefined) throw new Error(`no form ${path ?? ''} on ${this.latest.path}: ${this.latest.html}`);
    return found;
  }

  /** As a browser does: relative to the page that was shown. */
  private resolved(action: string): string {
    const { pathname, search } = new URL(action, new URL(this.latest.path, this.url));
    return pathname + search;
  }

  async send(
    method: string,
    path: string,
    fields?: Record<string, string> | string,
    headers: Record<string, string> = {},
  ): Promise<Shown> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await fetch(new URL(path, this.url), {
      method,
      redirect: 'manual',
      headers: {
        ...this.headers,
        ...(cookie && { cookie }),
        ...(fields !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(fields !== undefined && {
        body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
      }),
    });
    for (const set of reply.headers.getSetCookie()) this.keep(set);
    return {
      status: reply.status,
      headers: reply.headers,
      location: located(reply.headers.get('location'), reply.url),
      html: await textOf(reply),
    };
  }

  private keep(set: string): void {
    const [pair = ''] = set.split(';', 1);
    const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    if (value === '' || /;\s*max-age=0/i.test(set) || /;\s*expires=Thu, 01 Jan 1970/i.test(set))
      this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

/** Empty for a stream of events, which has no end. */
async function textOf(reply: Response): Promise<string> {
  if (!reply.headers.get('content-type')?.startsWith('text/event-stream')) return reply.text();
  await reply.body?.cancel();
  return '';
}

/** Where a reply leads to: relative to what was asked, and without our own origin. */
function located(location: string | null, asked: string): string | null {
  if (location === null) return null;
  const to = new URL(location, asked);
  return to.origin === new URL(asked).origin && !URL.canParse(location) ? to.pathname + to.search : location;
}
