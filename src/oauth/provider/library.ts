import { Injectable } from '@nestjs/common';
import type * as oidcProvider from 'oidc-provider';
import { ConfigurationError } from '../../config/configuration-error.js';

/** The exports of the package `oidc-provider`. */
export type Library = typeof oidcProvider;

/** The version that our seams were written and tested against: experimental features change in minor releases. */
export const LIBRARY_VERSION = '9.13.3';

/** Loads the library: 430 ms and 30 MB, so only where the strategy `oauth` is on, and once. */
@Injectable()
export class LibraryLoader {
  private loaded: Promise<Library> | undefined;

  /** @throws ConfigurationError when it is not installed */
  load(): Promise<Library> {
    this.loaded ??= this.importLibrary().catch((error: unknown) => {
      this.loaded = undefined;
      throw isMissing(error) ? notInstalled() : error;
    });
    return this.loaded;
  }

  protected importLibrary(): Promise<Library> {
    return import('oidc-provider');
  }
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
