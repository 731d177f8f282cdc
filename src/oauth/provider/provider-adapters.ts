import { Injectable } from '@nestjs/common';
import type { Adapter } from 'oidc-provider';
import { Clock } from '../../kernel/clock.js';
import { SessionService } from '../../sessions/session.service.js';
import { DeviceCodes } from '../artifacts/device-codes.js';
import { OAuthArtifacts } from '../artifacts/oauth-artifacts.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { OAuthGrants } from '../grants/oauth-grants.js';
import { SessionClients } from '../logout/session-clients.js';
import { TokenHandles } from '../tokens/token-handles.js';
import { AccessTokenAdapter } from './access-token-adapter.js';
import { answeringAdapter } from './adapter-errors.js';
import { ArtifactAdapter } from './artifact-adapter.js';
import { ClientAdapter } from './client-adapter.js';
import { DeviceCodeAdapter } from './device-code-adapter.js';
import { GrantAdapter } from './grant-adapter.js';
import { InteractionAdapter } from './interaction-adapter.js';
import type { Library } from './library.js';
import { OAuthIncidents } from './oauth-incidents.js';
import { RefreshGrace } from './refresh-grace.js';
import { SessionAdapter } from './session-adapter.js';
import { CodeAdapter, OnceAdapter, RefreshTokenAdapter } from './single-use-adapters.js';
import { UserCodeGuesses } from './user-code-guesses.js';

/** Where the library keeps what it keeps. */
@Injectable()
export class ProviderAdapters {
  constructor(
    private readonly artifacts: OAuthArtifacts,
    private readonly deviceCodes: DeviceCodes,
    private readonly clients: OAuthClients,
    private readonly grants: OAuthGrants,
    private readonly sessionClients: SessionClients,
    private readonly sessions: SessionService,
    private readonly incidents: OAuthIncidents,
    private readonly grace: RefreshGrace,
    private readonly guesses: UserCodeGuesses,
    private readonly handles: TokenHandles,
    private readonly clock: Clock,
  ) {}

  /** @param kind the library's name of a model, e.g. `AuthorizationCode` */
  of(library: Library, kind: string): Adapter {
    return answeringAdapter(library, this.bare(library, kind));
  }

  private bare(library: Library, kind: string): Adapter {
    const { artifacts, incidents, grants, clients, deviceCodes, guesses, sessions, clock } = this;
    const parts = { library, artifacts, incidents, now: () => clock.now() };
    switch (kind) {
      case 'Session':
        return new SessionAdapter({
          library,
          artifacts,
          sessions,
          clients: this.sessionClients,
          inSeconds: (seconds) => clock.in(seconds),
        });
      case 'Grant':
        return new GrantAdapter({ library, grants, incidents });
      case 'Client':
        return new ClientAdapter(clients);
      case 'AuthorizationCode':
        return new CodeAdapter(parts);
      case 'AccessToken':
      case 'ClientCredentials':
        return new AccessTokenAdapter(kind, { ...parts, clients, handles: this.handles });
      case 'RefreshToken':
        return new RefreshTokenAdapter(parts, this.grace);
      case 'DeviceCode':
        return new DeviceCodeAdapter({ ...parts, deviceCodes, guesses });
      case 'Interaction':
        return new InteractionAdapter(parts);
      case 'PushedAuthorizationRequest':
        return new OnceAdapter(kind, parts);
      default:
        return new ArtifactAdapter(kind, parts);
    }
  }
}
