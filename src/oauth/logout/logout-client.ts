import http from 'node:http';
import https from 'node:https';
import { Injectable } from '@nestjs/common';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { oauthOptions } from '../oauth-options.js';

const TIMEOUT_MILLISECONDS = 10_000;
const LOOPBACK = ['127.0.0.0/8', '::1'];

/** Posts to clients, at public addresses only: whatever a name resolves to is looked at when the connection is made. */
@Injectable()
export class LogoutClient {
  private readonly agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent };

  constructor(options: Options) {
    const { oauthInternalAddresses } = options.of(oauthOptions);
    // Clients that are being developed run beside us.
    const own = options.of(coreOptions).nodeEnv === 'production' ? [] : LOOPBACK;
    const limits = { allowIPAddressList: [...oauthInternalAddresses, ...own], keepAlive: true, maxSockets: 4 };
    this.agents = {
      'http:': new RequestFilteringHttpAgent(limits),
      'https:': new RequestFilteringHttpsAgent(limits),
    };
  }

  /** The status of the answer, whose body is not read. Redirects are not followed. Rejects when there is no answer. */
  post(url: string, form: Readonly<Record<string, string>>): Promise<number> {
    const target = new URL(url);
    const body = new URLSearchParams(form).toString();
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'coatcheck',
    };
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    return new Promise((resolve, reject) => {
      const answered = (response: http.IncomingMessage) => {
        resolve(response.statusCode ?? 0);
        response.on('error', () => undefined);
        // What else it says is of no use, and may be endless.
        response.destroy();
      };
      const how = { method: 'POST', headers, signal };
      const request =
        target.protocol === 'https:'
          ? https.request(target, { ...how, agent: this.agents['https:'] }, answered)
          : http.request(target, { ...how, agent: this.agents['http:'] }, answered);
      request.on('error', reject);
      request.end(body);
    });
  }

  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }
}
