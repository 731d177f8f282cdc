import {
  type ArgumentsHost,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  Optional,
  type PipeTransform,
} from '@nestjs/common';
import { requestOf } from '../edge/edge.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { requestIdOf } from '../http/request-id.js';
import { bearerTokens } from './bearer-tokens.js';
import { CertificateBinding, type ClientCertificate } from './certificate-binding.js';
import { clientAddress } from './client-address.js';
import { cookieNamesIn, cookiesIn } from './cookies.js';
import { languageWishesOf } from './language-wishes.js';
import type { RequestOrigin } from './request-origin.js';
import { TrustedProxies } from './trusted-proxies.js';

/**
 * The sender of a request: address, user agent, cookies, certificate. Services are given this and never the request itself. Goes wherever a
 * {@link RequestOrigin} goes; as JSON it is no more than that.
 */
export interface Caller extends RequestOrigin {
  /**
   * Every value the request carries under this name, in its order; empty without one. More than one means that another party (a sibling
   * domain, an older path) shadows a cookie; which one is genuine cannot be told here.
   */
  cookies(name: string): readonly string[];

  /** The names of its cookies that begin so, each once. */
  cookieNames(prefix: string): readonly string[];

  /** The value of each `Authorization: Bearer` header, unchecked: a proxy may have judged another than the one that Node shows. */
  readonly bearerTokens: readonly string[];

  /** The same object for every caller of one request, to remember it by. A connection's messages are those of the request that opened it. */
  readonly request: object;

  /** Of HTTP, as received. */
  readonly method: string;

  /** The value of the `DPoP` header, unchecked (RFC 9449 §4.1); undefined without one. Several headers are joined, which is no valid proof. */
  readonly dpopProof: string | undefined;

  /** As received, without its query. */
  readonly path: string;

  /** Whether the request carries any cookie at all. */
  readonly hasCookies: boolean;

  /**
   * Of the connection, or told of by a trusted proxy; null without one. Read when it is asked for.
   *
   * @throws AuthError `unauthenticated` for what a trusted proxy garbles
   */
  readonly certificate: ClientCertificate | null;
}

/** Creates the {@link Caller} of a request. */
@Injectable()
export class Callers {
  constructor(
    private readonly certificates: CertificateBinding,
    @Optional() private readonly proxies?: TrustedProxies,
  ) {}

  /** Reads nothing yet: a request that is recognised by its ticket alone needs none of it. */
  of(request: HttpRequest): Caller {
    return new RequestCaller(request, this.certificates, this.proxies);
  }

  /**
   * Of whatever is running: a route, a GraphQL resolver, a message of a WebSocket.
   *
   * @throws AuthError `forbidden` where there is no request
   */
  callerOf(context: ArgumentsHost): Caller {
    return this.read(requestOf(context));
  }

  /** With its origin read: what is handed on may be recorded, and an application's own sink may copy it. */
  read(request: HttpRequest): Caller {
    return new RequestCaller(request, this.certificates, this.proxies).read();
  }
}

/** An object that stands for a request and holds nothing of it. */
const requests = new WeakMap<object, object>();

class RequestCaller implements Caller {
  readonly #request: HttpRequest;
  readonly #certificates: CertificateBinding;
  readonly #proxies: TrustedProxies | undefined;
  #ip: string | null | undefined;

  constructor(request: HttpRequest, certificates: CertificateBinding, proxies: TrustedProxies | undefined) {
    this.#request = request;
    this.#certificates = certificates;
    this.#proxies = proxies;
  }

  get ip(): string | null {
    if (this.#ip === undefined) {
      const request = this.#request;
      // No framework has seen a handshake, nor what proxies say of it.
      const forwarded = 'ip' in request ? undefined : this.#proxies?.clientOf(request);
      this.#ip = clientAddress(forwarded === undefined ? request : { ip: forwarded, socket: request.socket });
    }
    return this.#ip;
  }

  get userAgent(): string | null {
    return this.#request.headers['user-agent'] ?? null;
  }

  get languages(): string | undefined {
    return languageWishesOf(this.#request);
  }

  get requestId(): string {
    return requestIdOf(this.#request);
  }

  get bearerTokens(): readonly string[] {
    return bearerTokens(this.#request);
  }

  get request(): object {
    const message = this.#request.opening ?? this.#request.raw ?? this.#request;
    const known = requests.get(message) ?? {};
    requests.set(message, known);
    return known;
  }

  get method(): string {
    return this.#request.method;
  }

  get dpopProof(): string | undefined {
    const { dpop } = this.#request.headers;
    return Array.isArray(dpop) ? dpop.join(', ') : dpop;
  }

  get path(): string {
    const [path = ''] = (this.#request.originalUrl ?? this.#request.url).split('?', 1);
    return path;
  }

  get hasCookies(): boolean {
    return this.#request.headers.cookie !== undefined;
  }

  get certificate(): ClientCertificate | null {
    return this.#certificates.certificateOf(this.#request);
  }

  cookieNames(prefix: string): readonly string[] {
    return cookieNamesIn(this.#request.headers.cookie, prefix);
  }

  cookies(name: string): readonly string[] {
    return cookiesIn(this.#request.headers.cookie, name);
  }

  /** Makes its origin properties of its own: only these are copied with it. */
  read(): this {
    for (const name of ['ip', 'userAgent', 'requestId'] as const) {
      Object.defineProperty(this, name, { value: this[name], enumerable: true });
    }
    return this;
  }

  toJSON(): RequestOrigin {
    const { ip, userAgent, requestId } = this;
    return { ip, userAgent, requestId };
  }
}

@Injectable()
class CallerPipe implements PipeTransform<() => HttpRequest, Caller> {
  constructor(private readonly callers: Callers) {}

  transform(request: () => HttpRequest): Caller {
    return this.callers.read(request());
  }
}

// Behind a function: a host's own pipes, which see every parameter, might copy what they take for data.
const RawRequest = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  return () => requestOf(context);
});

/** The {@link Caller} of the request, whether or not a user is logged in. */
export const CurrentCaller = (): ParameterDecorator => RawRequest(CallerPipe);
