import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigurationError } from '../../config/configuration-error.js';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { anchorFiles, mtlsOptions, namedFile } from './mtls-options.js';
import { type Anchor, readAnchorFile, readListFile, stampOf } from './trust-files.js';

/**
 * Whom we trust to vouch for clients: the anchors of `TLS_CLIENT_CA` and `MTLS_ANCHORS`. Their files are read again when they
 * change; a broken one is told in the log, and what was read before goes on counting: a list until it is out of date.
 */
@Injectable()
export class Trust implements OnApplicationShutdown {
  /** In the order of the configuration. */
  anchors: readonly Anchor[] = [];
  /** Counts how often they changed: what was verified under another one has to be verified anew. */
  generation = 0;
  private readonly logger = new Logger('mtls');
  private readonly anchorFiles: readonly { name: string; file: string }[];
  private readonly listFiles: readonly { name: string; file: string }[];
  private readonly timer: NodeJS.Timeout | undefined;
  private stamp = '';

  /** @throws ConfigurationError for files that cannot be used */
  constructor(options: Options) {
    const values = options.of(mtlsOptions);
    const isOn = options.of(coreOptions).authStrategies.includes('mtls');
    this.anchorFiles = isOn ? anchorFiles(values) : [];
    this.listFiles = isOn ? values.mtlsCrls.map(namedFile) : [];
    if (!isOn) return;
    try {
      this.read();
    } catch (error) {
      const problem = `cannot be used: ${(error as Error).message}`;
      throw new ConfigurationError([
        { option: 'mtlsAnchors', problem, remedy: 'set it to readable files; see docs/guides/mtls.md' },
      ]);
    }
    this.timer = setInterval(() => this.reload(), values.mtlsReloadSeconds * 1000).unref();
  }

  /** Reads the files again if any of them has changed. Never throws. */
  reload(): void {
    if (this.stamp === stampOf(this.files())) return;
    try {
      this.read();
      this.logger.log('the files of trust anchors or revocation lists have changed and were read again');
    } catch (error) {
      this.logger.error(
        `the previous trust anchors and revocation lists stay in use, because the new files cannot be used: ${(error as Error).message}`,
      );
    }
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private read(): void {
    // Before they are read: what changes in between is read once more.
    const stamp = stampOf(this.files());
    const anchors = this.anchorFiles.map(({ name, file }) => {
      const lists = this.listFiles.filter((list) => list.name === name);
      return {
        name,
        certificates: readAnchorFile(file),
        lists: lists.length === 0 ? null : lists.flatMap((list) => readListFile(list.file)),
      };
    });
    this.anchors = anchors;
    this.generation += 1;
    this.stamp = stamp;
  }

  private files(): string[] {
    return [...this.anchorFiles, ...this.listFiles].map(({ file }) => file);
  }
}
