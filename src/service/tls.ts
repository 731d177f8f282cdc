import { statSync } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import { Logger } from '@nestjs/common';
import { ConfigurationError } from '../config/configuration-error.js';
import { coreOptions } from '../config/core-options.js';
import type { Options } from '../config/options.js';
import { type HttpsOptions, httpsOptions, type TlsFiles } from '../strategies/mtls/https-options.js';
import { mtlsOptions, readsCertificates } from '../strategies/mtls/mtls-options.js';
import { serviceOptions } from './service-options.js';

/** The service's own https (`TLS_CERT`, `TLS_KEY`, `TLS_CLIENT_CA`). Its files are read again when they change. */
export class Tls {
  private constructor(
    private readonly files: TlsFiles,
    private readonly reloadSeconds: number,
  ) {}

  /** Null: it speaks http. */
  static from(options: Options): Tls | null {
    const { tlsCert: cert, tlsKey: key } = options.of(serviceOptions);
    if (cert === undefined || key === undefined) return null;
    const { tlsClientCa, mtlsReloadSeconds, ...rest } = options.of(mtlsOptions);
    const isAsking = readsCertificates({ ...options.of(coreOptions), ...rest });
    return new Tls({ cert, key, clientCa: isAsking ? tlsClientCa : undefined }, mtlsReloadSeconds);
  }

  /** @throws ConfigurationError for files that cannot be used */
  settings(): HttpsOptions {
    try {
      const settings = httpsOptions(this.files);
      createSecureContext(settings);
      return settings;
    } catch (error) {
      const problem = `cannot be used: ${(error as Error).message}`;
      const remedy = 'set both to readable PEM files; TLS_KEY must be the private key of TLS_CERT';
      throw new ConfigurationError([{ option: 'tlsCert', problem, remedy }]);
    }
  }

  /** Connections of before keep what they have; new ones get what the files hold by then. */
  keepUpToDate(server: Server): void {
    const logger = new Logger('tls');
    let stamp = this.stamp();
    const timer = setInterval(() => {
      if (stamp === this.stamp()) return;
      stamp = this.stamp();
      try {
        server.setSecureContext(this.settings());
        logger.log('the certificate files have changed and were read again');
      } catch (error) {
        logger.error(
          `the previous certificate stays in use, because the new one cannot be used: ${(error as Error).message}`,
        );
      }
    }, this.reloadSeconds * 1000).unref();
    server.once('close', () => clearInterval(timer));
  }

  private stamp(): string {
    return Object.values(this.files)
      .filter((file) => file !== undefined)
      .map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs)
      .join();
  }
}
