import { Injectable } from '@nestjs/common';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';

/** Links for mails. From the configuration only: one built from the request's Host would lead wherever an attacker says. */
@Injectable()
export class MailLinks {
  private readonly publicUrl: string;

  constructor(options: Options) {
    this.publicUrl = options.of(coreOptions).publicUrl;
  }

  /** `?token=` appended. @param page a path under `PUBLIC_URL`, or the whole address of a page that is configured */
  to(page: string, token: string): string {
    const url = new URL(page, this.publicUrl);
    url.searchParams.set('token', token);
    return url.href;
  }
}
