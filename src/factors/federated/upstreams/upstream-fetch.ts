import { Injectable } from '@nestjs/common';
import { Options } from '../../../config/options.js';
import { PublicFetch } from '../../../http/public-fetch.js';
import { federatedOptions } from '../federated-options.js';

/** The provider gave no answer, or only that it cannot give one now (429, 5xx). Says nothing about the user. */
export class ProviderUnreachable extends Error {
  override readonly name = 'ProviderUnreachable';
}

/**
 * Asks outside providers. Public addresses only (and this machine in a trial, and what `FEDERATED_INTERNAL_ADDRESSES` names), no redirects,
 * `FEDERATED_TIMEOUT_SECONDS` for everything, 64 KiB at most.
 */
@Injectable()
export class UpstreamFetch {
  private readonly internalAddresses: readonly string[];
  private readonly timeoutMilliseconds: number;

  constructor(
    private readonly publicFetch: PublicFetch,
    options: Options,
  ) {
    const { federatedInternalAddresses, federatedTimeoutSeconds } = options.of(federatedOptions);
    this.internalAddresses = federatedInternalAddresses;
    this.timeoutMilliseconds = federatedTimeoutSeconds * 1000;
  }

  /** @throws ProviderUnreachable */
  readonly fetch = async (address: string, request: RequestInit = {}): Promise<Response> => {
    const { internalAddresses, timeoutMilliseconds } = this;
    // GitHub refuses those who do not say who they are.
    const headers = { 'user-agent': 'coatcheck', ...Object.fromEntries(new Headers(request.headers).entries()) };
    const body = request.body === undefined || request.body === null ? undefined : String(request.body);
    const asked = { method: request.method, headers, body, timeoutMilliseconds, internalAddresses };
    const response = await this.publicFetch.fetch(address, asked).catch((error: unknown) => {
      throw new ProviderUnreachable(`${hostOf(address)} cannot be reached`, { cause: error });
    });
    if (response.status >= 500 || response.status === 429)
      throw new ProviderUnreachable(`${hostOf(address)} answers ${response.status}`);
    return response;
  };

  /** A JSON object, and nothing else. @throws ProviderUnreachable; Error for another status than 200, and for another body */
  async json(address: string, headers: Readonly<Record<string, string>> = {}): Promise<Record<string, unknown>> {
    const response = await this.fetch(address, { headers: { accept: 'application/json', ...headers } });
    if (response.status !== 200) throw new Error(`${hostOf(address)} answers ${response.status}`);
    const value = objectIn(await response.text());
    if (value) return value;
    throw new Error(`${hostOf(address)} answers no JSON object`);
  }
}

/** Null for what is no JSON object. */
export function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : 'the provider';
}
