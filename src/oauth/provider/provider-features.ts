import { Injectable } from '@nestjs/common';
import type { Configuration } from 'oidc-provider';
import { SecretKey } from '../../kernel/secret-key.js';
import type { Library } from './library.js';
import type { OAuthPages } from './oauth-pages.js';
import { ResourceServers } from './resource-servers.js';
import { TokenPolicies } from './token-policies.js';

type Features = NonNullable<Configuration['features']>;

/** Which of the library's features are on, and by whose rules. */
@Injectable()
export class ProviderFeatures {
  constructor(
    private readonly secretKey: SecretKey,
    private readonly resources: ResourceServers,
    private readonly policies: TokenPolicies,
  ) {}

  of(library: Library, pages: OAuthPages): Features {
    return {
      devInteractions: { enabled: false },
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      clientCredentials: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      dPoP: { enabled: true, nonceSecret: this.secretKey.derive('oauth-dpop-nonces') },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => this.policies.mayIntrospect(client, token),
      },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => this.policies.mayRevoke(client, token) },
      resourceIndicators: {
        enabled: true,
        defaultResource: async (_ctx, client, oneOf) => oneOf ?? (await this.resources.defaultOf(client)),
        useGrantedResource: async () => true,
        getResourceServerInfo: (_ctx, uri, client) => this.resources.infoOf(library, uri, client),
      },
      deviceFlow: {
        enabled: true,
        charset: 'base-20',
        mask: '****-****',
        deviceInfo: () => ({}),
        userCodeInputSource: (ctx, form, out, error) => pages.userCodeInputSource(ctx, form, out, error),
        userCodeConfirmSource: (ctx, form, client, info, code) =>
          pages.userCodeConfirmSource(ctx, form, client, info, code),
        successSource: (ctx) => pages.successSource(ctx),
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => pages.logoutSource(ctx, form),
        postLogoutSuccessSource: (ctx) => pages.postLogoutSuccessSource(ctx),
      },
      // So that clients may say where they are to be told; the telling is a job of ours, for every end of a session.
      backchannelLogout: { enabled: true },
    } as Features;
  }
}
