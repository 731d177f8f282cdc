import { defineSpans, type TracedCall, traced } from '../../kernel/span.js';
import type { RedisStorage } from './redis.storage.js';

export const redisSpanDescriptions = defineSpans({
  'EVALSHA {script}': {
    kind: 'client',
    within: 'trace',
    help: 'A script of Redis, named by what it does.',
    attributes: {
      'db.system.name': '`redis`.',
      'db.operation.name': '`EVALSHA`, also where Redis had to be sent the text.',
      'db.stored_procedure.name': 'The script: neither keys nor values.',
    },
  },
  '{command}': {
    kind: 'client',
    within: 'trace',
    help: 'Any other command of Redis.',
    attributes: { 'db.system.name': '`redis`.', 'db.operation.name': 'The command: neither keys nor values.' },
  },
});

/** What Redis is asked, once a request asks. */
export function redisSpans({ connection }: RedisStorage): TracedCall[] {
  const { 'EVALSHA {script}': script, '{command}': other } = redisSpanDescriptions;
  const system = { 'db.system.name': 'redis' };
  return [
    traced(connection, 'run', (tracer, run, given, keys, args) => {
      const attributes = { ...system, 'db.operation.name': 'EVALSHA', 'db.stored_procedure.name': given.name };
      return tracer.run(script, attributes, () => run(given, keys, args), { name: `EVALSHA ${given.name}` });
    }),
    traced(connection, 'ask', (tracer, ask, key, command) => {
      const [name = ''] = command;
      // Part of the script's own.
      if (/^EVAL/.test(name)) return ask(key, command);
      return tracer.run(other, { ...system, 'db.operation.name': name }, () => ask(key, command), { name });
    }),
  ];
}
