import type * as oidcProvider from 'oidc-provider';
import { ConfigurationError } from '../../config/configuration-error.js';

/** What the package `oidc-provider` exports. */
export type Library = typeof oidcProvider;

/** The version that our seams were written and tested against: experimental features change in minor releases. */
export const LIBRARY_VERSION = '9.13.3';

let loaded: Promise<Library> | undefined;

/**
 * The library: 430 ms and 30 MB, so only where the strategy `oauth` is on.
 *
 * @throws ConfigurationError when it is not installed
 */
export function loadLibrary(): Promise<Library> {
  loaded ??= import('oidc-provider').catch((error: unknown) => {
    loaded = undefined;
    throw isMissing(error) ? notInstalled() : error;
  });
  return loaded;
}

function isMissing(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const isUnresolved = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return isUnresolved && String(message).includes('oidc-provider');
}

function notInstalled(): ConfigurationError {
  return new ConfigurationError([
    {
      option: 'authStrategies',
      problem: 'contains oauth, which requires the package oidc-provider',
      remedy: `npm install oidc-provider@${LIBRARY_VERSION}`,
    },
  ]);
}
