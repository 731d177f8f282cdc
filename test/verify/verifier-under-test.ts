import { createVerifier, type Verifier, type VerifierSettings, VerifyError } from '../../src/verify/index.js';
import { FakeVerifyClock, settled } from './fake-clock.js';
import { CREDENTIAL, FakeService, URL_OF_SERVICE } from './fake-service.js';

/** A verifier, its service and its clock, all in this process. */
export class Bench {
  readonly clock = new FakeVerifyClock();
  readonly service = new FakeService();
  readonly log: string[] = [];
  verifier!: Verifier;

  /** @param settings beside those that it needs */
  static async start(
    settings: Partial<VerifierSettings> = {},
    prepare?: (service: FakeService) => void,
  ): Promise<Bench> {
    const bench = new Bench();
    await bench.service.rotate();
    prepare?.(bench.service);
    bench.create(settings);
    await settled();
    return bench;
  }

  create(settings: Partial<VerifierSettings> = {}): void {
    const { clock, service, log } = this;
    this.verifier = createVerifier({
      url: URL_OF_SERVICE,
      credential: CREDENTIAL,
      clock,
      fetch: service.fetch,
      log: (line) => log.push(line),
      ...settings,
    });
  }

  /** `200`, or the code of the refusal, of a request with this token. */
  async outcome(token: string, headers: Record<string, string> = {}, more: object = {}): Promise<number | string> {
    const asking = this.ask({ authorization: `Bearer ${token}`, ...headers }, more);
    await settled();
    return asking;
  }

  async ask(headers: Record<string, string>, more: object = {}): Promise<number | string> {
    try {
      await this.verifier.verify({ method: 'GET', headers, ...more });
      return 200;
    } catch (error) {
      if (error instanceof VerifyError) return error.code;
      throw error;
    }
  }

  /** How many look-ups the work made. */
  async lookUpsDuring(work: () => unknown): Promise<number> {
    const before = this.service.lookUps.length;
    await work();
    return this.service.lookUps.length - before;
  }

  async stop(): Promise<void> {
    const closing = this.verifier.close();
    await settled();
    await closing;
  }
}
