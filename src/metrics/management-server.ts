import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigurationError } from '../config/configuration-error.js';
import { Options } from '../config/options.js';
import { Metrics } from './metrics.js';
import { metricsOptions } from './metrics-options.js';
import { processMetrics } from './process-metrics.js';
import { importPrometheus } from './prometheus.js';

/** The service's, unless told otherwise; among Prometheus exporters that of OpenTelemetry. */
const USUAL_PORT = 9464;

/** Serves `GET /metrics` and nothing else, on a port of its own that clients need not reach. */
@Injectable()
export class ManagementServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('metrics');
  private readonly port: number | undefined;
  private readonly host: string;
  private server: Server | undefined;

  constructor(
    private readonly metrics: Metrics,
    options: Options,
  ) {
    const { managementPort, managementHost } = options.of(metricsOptions);
    this.port = managementPort;
    this.host = managementHost;
  }

  /** @throws ConfigurationError when a port was asked for and cannot be had */
  async onApplicationBootstrap(): Promise<void> {
    if (this.port) await this.listen(this.port);
  }

  /** After the last request was answered and counted. */
  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  /** Listens where a service does that was told no port. A second node of one machine finds it taken and takes any free one. */
  async listenByDefault(): Promise<void> {
    if (this.port !== undefined) return;
    try {
      await this.open(USUAL_PORT);
    } catch (error) {
      if (!isTaken(error)) throw notHad(USUAL_PORT, error);
      this.logger.warn(
        `port ${USUAL_PORT} is already in use, perhaps by another node; a free port is used. Set MANAGEMENT_PORT to choose one`,
      );
      await this.listen(0);
    }
  }

  /** @param port 0 is any free one @returns where the metrics are @throws ConfigurationError when it cannot be had */
  async listen(port: number): Promise<string> {
    return this.open(port).catch((error) => {
      throw notHad(port, error);
    });
  }

  private async open(port: number): Promise<string> {
    await importPrometheus();
    // The process is measured from now on, not from the first look.
    await processMetrics();
    this.server = await listening(port, this.host, (request, response) => void this.answer(request, response));
    const { address, family, port: taken } = this.server.address() as AddressInfo;
    const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}/metrics`;
    this.logger.log(`metrics are served at ${url}`);
    return url;
  }

  private async answer({ method, url = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const hasBody = 'content-length' in headers || 'transfer-encoding' in headers;
    // A body, which was not asked for, is cut off with the connection rather than read.
    if (hasBody) response.setHeader('Connection', 'close');
    if (url.split('?', 1)[0] !== '/metrics') return end(response, 404, 'not found\n');
    if (method !== 'GET') return end(response.setHeader('Allow', 'GET'), 405, 'method not allowed\n');
    try {
      const text = `${await this.metrics.text()}\n${await processMetrics()}`;
      end(response.setHeader('Content-Type', this.metrics.contentType), 200, text);
    } catch (error) {
      this.logger.error('the metrics could not be collected', error instanceof Error ? error.stack : undefined);
      end(response, 500, 'the metrics could not be collected\n');
    }
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store').setHeader('X-Content-Type-Options', 'nosniff');
  response.writeHead(status).end(text);
}

function listening(
  port: number,
  host: string,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  // Whatever name it is reached by. It must not keep a process alive that has nothing else to do.
  const limits = { requireHostHeader: false, headersTimeout: 5_000, requestTimeout: 10_000 };
  const server = createServer(limits, answer).unref();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function notHad(port: number, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof ConfigurationError || code === undefined) return error;
  if (isTaken(error)) {
    const remedy = 'choose another port, a different one for each node of a machine, or 0 to switch metrics off';
    return new ConfigurationError([{ option: 'managementPort', problem: `${port} is already in use`, remedy }]);
  }
  const remedy = 'use an address of this machine, or 0.0.0.0 for all interfaces, and a port that the service may open';
  return new ConfigurationError([{ option: 'managementHost', problem: `cannot be opened (${code})`, remedy }]);
}

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}
