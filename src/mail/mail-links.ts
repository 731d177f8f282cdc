import { Injectable } from '@nestjs/common';
import { MountedRoutes } from '../http/mounted-routes.js';

/**
 * Links for mails. From the configuration and from where our routes are mounted only: one built from what a request says of itself (`Host`, a
 * prefix) would lead wherever an attacker says.
 */
@Injectable()
export class MailLinks {
  constructor(private readonly routes: MountedRoutes) {}

  /** `?token=` appended. @param page one of our routes as documented (`/auth/unlock`), or the whole address of a page that is configured */
  to(page: string, token: string): string {
    const url = new URL(page.startsWith('/') ? this.routes.addressOf(page) : page);
    url.searchParams.set('token', token);
    return url.href;
  }
}
