import progress from 'cli-progress';

const RECORDS_A_LINE = 10_000;

/** Shows how far an import is, on standard error: a bar on a terminal, otherwise a line now and then. */
export class MoveInProgress {
  private readonly bar: progress.SingleBar | null;
  private bytes = 0;
  private told = 0;

  /** @param size of the file in bytes; null: unknown */
  constructor(size: number | null) {
    this.bar =
      size !== null && size > 0 && process.stderr.isTTY
        ? new progress.SingleBar(
            {
              format: '[{bar}] {percentage}% | {records} users | {eta_formatted} left',
              etaBuffer: 100,
              hideCursor: true,
            },
            progress.Presets.legacy,
          )
        : null;
    if (this.bar) this.bar.start(size!, 0, { records: 0 });
    else process.stderr.write('Reading users\n');
  }

  /** The same bytes, counted. */
  async *counted(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of input) {
      this.bytes += chunk.length;
      yield chunk;
    }
  }

  /** @param records how many have been dealt with */
  show(records: number): void {
    if (this.bar) this.bar.update(this.bytes, { records });
    else if (records - this.told >= RECORDS_A_LINE) {
      this.told = records;
      process.stderr.write(`${records} users read\n`);
    }
  }

  end(): void {
    this.bar?.stop();
  }
}
