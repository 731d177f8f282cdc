import type { EventEmitter } from 'node:events';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type Provider from 'oidc-provider';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { SecretKey } from '../../kernel/secret-key.js';
import { OAuthArtifacts } from '../artifacts/oauth-artifacts.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { isOAuthOn } from '../oauth-options.js';
import { type Library, LibraryLoader } from './library.js';
import { LibraryKeys } from './library-keys.js';
import { patchLibrary } from './library-patches.js';
import { OAuthPages } from './oauth-pages.js';
import { ProviderConfiguration } from './provider-configuration.js';
import { ProviderMiddleware } from './provider-middleware.js';
import { RefreshGrace } from './refresh-grace.js';

/**
 * The library's provider. Its keys are read once, in its constructor, so there is a new one whenever keys have come or gone; requests under
 * way end on the old one.
 */
@Injectable()
export class OAuthProvider implements OnApplicationBootstrap {
  private readonly logger = new Logger('oauth');
  private readonly sidKey: Buffer;
  private library: Library | undefined;
  private built: { readonly provider: Provider; readonly keys: string } | undefined;

  constructor(
    private readonly options: Options,
    private readonly loader: LibraryLoader,
    private readonly keys: LibraryKeys,
    private readonly configuration: ProviderConfiguration,
    private readonly middleware: ProviderMiddleware,
    private readonly clients: OAuthClients,
    private readonly artifacts: OAuthArtifacts,
    private readonly grace: RefreshGrace,
    // The pages need the provider, too.
    private readonly moduleRef: ModuleRef,
    secretKey: SecretKey,
  ) {
    this.sidKey = secretKey.derive('oauth-sids');
  }

  /** @throws ConfigurationError when the strategy is on and the library is not installed */
  async onApplicationBootstrap(): Promise<void> {
    if (isOAuthOn(this.options)) await this.current();
  }

  /** The provider of the keys of now. Without a promise once the library is loaded. */
  current(): Provider | Promise<Provider> {
    if (this.library === undefined) return this.load().then((library) => this.withKeys(library));
    return this.withKeys(this.library);
  }

  private async load(): Promise<Library> {
    this.library = await this.loader.load();
    return this.library;
  }

  private withKeys(library: Library): Provider {
    const keys = this.keys.names;
    if (this.built?.keys === keys) return this.built.provider;
    const provider = this.build(library);
    this.built = { provider, keys };
    return provider;
  }

  private build(library: Library): Provider {
    const { clients, artifacts, grace, sidKey } = this;
    const pages = this.moduleRef.get(OAuthPages, { strict: false });
    const issuer = new URL(this.options.of(coreOptions).publicUrl).origin;
    const provider = new library.Provider(issuer, this.configuration.of(library, pages));
    patchLibrary(provider, { library, clients, artifacts, grace, sidKey });
    this.middleware.lay(provider);
    provider.on('server_error', (_ctx, error) => this.logger.error('the provider failed', error.stack));
    // Koa prints errors without a listener.
    (provider as EventEmitter).on('error', (error: Error) => this.logger.error('the provider failed', error.stack));
    return provider;
  }
}
