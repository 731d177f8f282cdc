import type { Client, ErrorOut, Interaction, KoaContextWithOIDC } from 'oidc-provider';
import { OAuthPages } from '../../src/oauth/provider/oauth-pages.js';

/** Pages that show nothing but what a test reads. */
export class PlainPages extends OAuthPages {
  interactionUrl(_ctx: KoaContextWithOIDC, { uid }: Interaction): string {
    return `/oauth/interaction/${uid}`;
  }

  async userCodeInputSource(ctx: KoaContextWithOIDC, form: string, out?: ErrorOut, error?: Error): Promise<void> {
    show(ctx, `${form}<p>${error ? `${error.name} ${out?.error}` : 'enter'}</p>`);
  }

  async userCodeConfirmSource(ctx: KoaContextWithOIDC, form: string, client: Client, _info: object, code: string) {
    show(ctx, `${form}<p>confirm ${client.clientName} ${code}</p>`);
  }

  async successSource(ctx: KoaContextWithOIDC): Promise<void> {
    show(ctx, '<p>done</p>');
  }

  async logoutSource(ctx: KoaContextWithOIDC, form: string): Promise<void> {
    show(ctx, form);
  }

  async postLogoutSuccessSource(ctx: KoaContextWithOIDC): Promise<void> {
    show(ctx, '<p>signed out</p>');
  }

  async renderError(ctx: KoaContextWithOIDC, out: ErrorOut): Promise<void> {
    show(ctx, `<p>error ${out.error}: ${out.error_description}</p>`);
  }
}

function show(ctx: KoaContextWithOIDC, html: string): void {
  ctx.type = 'html';
  ctx.body = html;
}
