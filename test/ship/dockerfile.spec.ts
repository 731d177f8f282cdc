import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { type Stage, stagesOf, wordsOf } from './dockerfile.js';
import { ROOT, textOf } from './files.js';

const stages = stagesOf(textOf('Dockerfile'));
const last = stages.at(-1)!;
const stepsOf = (stage: Stage, keyword: string) => stage.steps.filter((step) => step.keyword === keyword);

describe('the Dockerfile', () => {
  it('is one, by its own grammar', () => {
    expect(validate(textOf('Dockerfile')).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual(
      [],
    );
    expect(validate('FROM a\nRUNN b\nEXPOSE x\n').map(({ message }) => message)).toHaveLength(2);
  });

  it('copies only what the context has and .dockerignore lets through', () => {
    const allowed = textOf('.dockerignore')
      .match(/^!.*$/gm)!
      .map((rule) => rule.slice(1));
    expect(allowed.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const copied = stages
      .flatMap((stage) => stepsOf(stage, 'COPY'))
      .filter(({ flags }) => !flags.from)
      .flatMap(({ text }) => text.split(' ').slice(0, -1));
    expect(new Set(copied)).toEqual(new Set(allowed));
    // Everything else is out: secrets, the history, what was built here.
    expect(textOf('.dockerignore')).toMatch(/^\*$/m);
  });

  it('builds in two stages what the last one only copies', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', 'runtime', '']);
    expect(stepsOf(last, 'RUN')).toEqual([]);
    const from = stepsOf(last, 'COPY').map(({ flags }) => flags.from);
    expect(new Set(from)).toEqual(new Set(['runtime', 'build', undefined]));
    expect(stages.flatMap((stage) => stepsOf(stage, 'ADD'))).toEqual([]);
  });

  it('compiles against the C library that the last stage has', () => {
    expect(new Set(stages.map(({ from }) => /bookworm|debian12/.test(from)))).toEqual(new Set([true]));
  });

  it('runs as a user that is not root, in production, and needs no shell for its health', () => {
    expect(stepsOf(last, 'USER').map(({ text }) => text)).toEqual(['65532:65532']);
    expect(stepsOf(last, 'ENV').map(({ text }) => text)).toEqual(['NODE_ENV=production HOST=0.0.0.0']);
    for (const keyword of ['ENTRYPOINT', 'CMD']) expect(wordsOf(stepsOf(last, keyword)[0]!.text)).not.toBeNull();
    const [health] = stepsOf(last, 'HEALTHCHECK');
    expect(wordsOf(/CMD (\[.*)/.exec(health!.text)![1]!)).toEqual(['/usr/local/bin/node', 'health-check.mjs']);
    expect(last.steps.findIndex(({ keyword }) => keyword === 'USER')).toBeGreaterThan(0);
  });

  it('holds no secret, and no place for one', () => {
    const said = stages.flatMap((stage) => [...stepsOf(stage, 'ARG'), ...stepsOf(stage, 'ENV')]);
    expect(said.filter(({ text }) => /key|secret|token|password/i.test(text))).toEqual([]);
  });
});
