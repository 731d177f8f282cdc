/** A reply, read whole. */
export interface TestReply {
  readonly status: number;
  readonly headers: Headers;
  /** Every `Set-Cookie` line. */
  readonly setCookies: readonly string[];
  readonly text: string;
  /** Parsed when the reply says it is JSON; else undefined. */
  // biome-ignore lint/suspicious/noExplicitAny: assertions read whatever the route answered
  readonly body: any;
}

/** A request as a {@link TestClient} sends it. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

/** A browser in miniature: keeps cookies by name and path, sends JSON, follows nothing. */
export class TestClient {
  private readonly jar = new Map<string, { name: string; value: string; path: string }>();

  /** @param defaults headers sent with every request, e.g. `{ authorization: 'Bearer ...' }` */
  constructor(
    readonly baseUrl: string,
    readonly defaults: Record<string, string> = {},
  ) {}

  get(path: string, headers?: Record<string, string>): Promise<TestReply> {
    return this.request('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<TestReply> {
    return this.request('POST', path, body, headers);
  }

  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<TestReply> {
    return this.request('PUT', path, body, headers);
  }

  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<TestReply> {
    return this.request('PATCH', path, body, headers);
  }

  delete(path: string, headers?: Record<string, string>): Promise<TestReply> {
    return this.request('DELETE', path, undefined, headers);
  }

  /** A string or a Buffer is sent as it is; anything else as JSON. */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<TestReply> {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const reply = await this.send({
      method,
      url: this.baseUrl + path,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.cookieHeader(path),
        ...this.defaults,
        ...headers,
      },
      body: body === undefined ? undefined : raw ? (body as string) : JSON.stringify(body),
    });
    const { status, headers: received, text } = reply;
    const setCookies = received.getSetCookie();
    for (const line of setCookies) this.keep(line);
    const isJson = /[/+]json\b/.test(received.get('content-type') ?? '');
    return { status, headers: received, setCookies, text, body: isJson && text ? JSON.parse(text) : undefined };
  }

  /** Sends one request, follows no redirect, and reads the reply whole. */
  protected async send({ url, ...request }: SentRequest): Promise<Pick<TestReply, 'status' | 'headers' | 'text'>> {
    const response = await fetch(url, { ...request, redirect: 'manual' });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** The headers of a request to `/`: for a client of another kind, such as supertest or a WebSocket. */
  get headers(): Record<string, string> {
    return { ...this.cookieHeader('/'), ...this.defaults };
  }

  /** The value of a kept cookie; undefined when there is none. */
  cookie(name: string): string | undefined {
    return [...this.jar.values()].find((cookie) => cookie.name === name)?.value;
  }

  /** Plants a cookie, as an attacker or an older page might. */
  setCookie(name: string, value: string, path = '/'): void {
    this.jar.set(`${name};${path}`, { name, value, path });
  }

  /** A second browser holding the same cookies. */
  copy(): TestClient {
    return this.copyInto(this.blank());
  }

  /** A client of the same kind that holds no cookie. */
  protected blank(): TestClient {
    return new TestClient(this.baseUrl, { ...this.defaults });
  }

  /** Gives another client this one's cookies, and returns it. */
  copyInto<T extends TestClient>(other: T): T {
    for (const { name, value, path } of this.jar.values()) other.setCookie(name, value, path);
    return other;
  }

  private cookieHeader(path: string): Record<string, string> {
    const sent = [...this.jar.values()].filter((cookie) => path.startsWith(cookie.path));
    return sent.length > 0 ? { cookie: sent.map(({ name, value }) => `${name}=${value}`).join('; ') } : {};
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(/;\s*/);
    const name = pair.slice(0, pair.indexOf('='));
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
    if (attributes.some((attribute) => /^max-age=0$/i.test(attribute))) this.jar.delete(`${name};${path}`);
    else this.setCookie(name, pair.slice(name.length + 1), path);
  }
}
