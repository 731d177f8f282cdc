import { Injectable } from '@nestjs/common';
import type { Configuration } from 'oidc-provider';
import { Options } from '../../config/options.js';
import { SecretKey } from '../../kernel/secret-key.js';
import { DocumentClients } from '../grants/document-clients.js';
import { metadataBounds, oauthOptions } from '../oauth-options.js';
import { TokenHandles } from '../tokens/token-handles.js';
import { ClientProofs } from './client-proofs.js';
import type { Library } from './library.js';
import type { OAuthPages } from './oauth-pages.js';
import { stateOf } from './request-state.js';
import { ResourceServers } from './resource-servers.js';

type Features = NonNullable<Configuration['features']>;

/** Which of the library's features are on, and by whose rules. */
@Injectable()
export class ProviderFeatures {
  /** Whether clients may prove themselves by certificates. */
  readonly readsCertificates: boolean;
  private readonly takesDocuments: boolean;
  private readonly isRegistrationOn: boolean;

  constructor(
    private readonly secretKey: SecretKey,
    private readonly resources: ResourceServers,
    private readonly handles: TokenHandles,
    private readonly proofs: ClientProofs,
    private readonly documents: DocumentClients,
    options: Options,
  ) {
    const values = options.of(oauthOptions);
    this.readsCertificates = metadataBounds(values).readsCertificates;
    this.takesDocuments = values.oauthClientDocuments !== 'off';
    this.isRegistrationOn = values.oauthRegistration !== 'off';
  }

  of(library: Library, pages: OAuthPages): Features {
    return {
      devInteractions: { enabled: false },
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      clientCredentials: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      dPoP: { enabled: true, nonceSecret: this.secretKey.derive('oauth-dpop-nonces') },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, { clientId }, token) => this.handles.mayIntrospect(clientId, token),
      },
      // Of another client's tokens nothing is told, not even that they are some. RFC 7009 §2.2
      revocation: { enabled: true, allowedPolicy: async (_ctx, { clientId }, token) => token.clientId === clientId },
      resourceIndicators: {
        enabled: true,
        defaultResource: async (_ctx, client, oneOf) => oneOf ?? (await this.resources.defaultOf(client)),
        useGrantedResource: async () => true,
        getResourceServerInfo: (ctx, uri, client) => this.resources.infoOf(library, ctx, uri, client),
      },
      deviceFlow: {
        enabled: true,
        charset: 'base-20',
        mask: '****-****',
        deviceInfo: ({ req }) => ({ ip: stateOf(req).caller.ip }),
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
      mTLS: {
        enabled: this.readsCertificates,
        certificateBoundAccessTokens: true,
        selfSignedTlsClientAuth: true,
        tlsClientAuth: true,
        getCertificate: ({ req }) => stateOf(req).certificate?.certificate,
        certificateAuthorized: ({ req }) => stateOf(req).certificate?.isTrusted === true,
        certificateSubjectMatches: ({ req }, property, expected) => {
          const { certificate } = stateOf(req);
          return certificate !== null && this.proofs.isNamed(certificate, property, expected);
        },
      },
      clientIdMetadataDocument: {
        enabled: this.takesDocuments,
        ack: 'draft-02',
        allowFetch: (_ctx, clientId) => this.documents.find(clientId) !== null,
      },
      // So that discovery names it; requests to it are answered before they reach the library.
      registration: { enabled: this.isRegistrationOn, initialAccessToken: true },
      // So that clients may say where they are to be told; the telling is a job of ours, for every end of a session.
      backchannelLogout: { enabled: true },
    } as Features;
  }
}
