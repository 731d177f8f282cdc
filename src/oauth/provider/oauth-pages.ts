import type { Client, ErrorOut, Interaction, KoaContextWithOIDC } from 'oidc-provider';

/**
 * The pages of the provider, in place of the library's own pages, which load fonts from elsewhere. Each method has the name and the
 * parameters of the setting of the library that it is for; those with a `ctx` write the reply: status, headers, body.
 */
export abstract class OAuthPages {
  /** `interactions.url`: where the browser is sent to log in or to consent. A path of this origin; the interaction's cookie is bound to it. */
  abstract interactionUrl(ctx: KoaContextWithOIDC, interaction: Interaction): string;

  /** `features.deviceFlow.userCodeInputSource`: asks for the code that a device shows. @param error why the last one would not do */
  abstract userCodeInputSource(ctx: KoaContextWithOIDC, form: string, out?: ErrorOut, error?: Error): Promise<void>;

  /** `features.deviceFlow.userCodeConfirmSource`: shows the code, and asks whether the device is one's own (RFC 8628 §5.4). */
  abstract userCodeConfirmSource(
    ctx: KoaContextWithOIDC,
    form: string,
    client: Client,
    deviceInfo: Record<string, unknown>,
    userCode: string,
  ): Promise<void>;

  /** `features.deviceFlow.successSource`: the device goes on by itself. */
  abstract successSource(ctx: KoaContextWithOIDC): Promise<void>;

  /** `features.rpInitiatedLogout.logoutSource`: asks whether to sign out. */
  abstract logoutSource(ctx: KoaContextWithOIDC, form: string): Promise<void>;

  /** `features.rpInitiatedLogout.postLogoutSuccessSource`: no user is signed in here any more. */
  abstract postLogoutSuccessSource(ctx: KoaContextWithOIDC): Promise<void>;

  /** `renderError`: what cannot be told to the client. Nothing of the error's own but its public code is shown. */
  abstract renderError(ctx: KoaContextWithOIDC, out: ErrorOut, error: Error): Promise<void>;
}
