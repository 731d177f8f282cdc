import { relative } from 'node:path';

const SHOWN = 10;

/**
 * Prints each spec file's seconds as it ends, and the slowest at the end of the run: that is where the time goes. What its worker computed of them
 * says, on a busy machine, what it would take on a quiet one.
 */
export default class SlowestFiles {
  constructor({ rootDir }) {
    this.rootDir = rootDir;
    this.files = [];
  }

  onTestFileResult(_test, { testFilePath, perfStats: { start, end, cpuSeconds } }) {
    const file = { name: relative(this.rootDir, testFilePath), seconds: (end - start) / 1000, cpuSeconds };
    this.files.push(file);
    process.stderr.write(`${lineOf(file)}\n`);
  }

  onRunComplete() {
    if (this.files.length < 2) return;
    const slowest = this.files.sort((one, other) => other.seconds - one.seconds).slice(0, SHOWN);
    process.stderr.write(`\nThe slowest of ${this.files.length} files:\n${slowest.map(lineOf).join('\n')}\n`);
  }
}

function lineOf({ name, seconds, cpuSeconds }) {
  const computed = cpuSeconds === undefined ? '' : ` (${cpuSeconds.toFixed(1)} s computed)`;
  return `${seconds.toFixed(1).padStart(7)} s  ${name}${computed}`;
}
