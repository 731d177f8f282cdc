import { TestClient, type TestReply } from '../../src/testing/index.js';

/** The paths of an OpenAPI document, each with the statuses it names. */
export interface DocumentedPaths {
  readonly [path: string]: { readonly [method: string]: { readonly responses: object } };
}

/** A client that fails a test whenever the service answers with a status the OpenAPI document does not name. */
export class DocumentedClient extends TestClient {
  constructor(
    baseUrl: string,
    private readonly paths: DocumentedPaths,
    defaults?: Record<string, string>,
  ) {
    super(baseUrl, defaults);
  }

  override async request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<TestReply> {
    const reply = await super.request(method, path, body, headers);
    const responses = this.documented(method, path.split('?')[0]!);
    if (responses && !(String(reply.status) in responses)) {
      throw new Error(`undocumented: ${method} ${path} answered ${reply.status}`);
    }
    return reply;
  }

  protected override blank(): TestClient {
    return new DocumentedClient(this.baseUrl, this.paths, this.defaults);
  }

  private documented(method: string, path: string): object | undefined {
    const template = Object.keys(this.paths).find((known) =>
      new RegExp(`^${known.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
    );
    return template ? this.paths[template]![method.toLowerCase()]?.responses : undefined;
  }
}
