import { defineSpans, type TracedCall, traced } from '../../kernel/span.js';
import type { MemcachedStorage } from './memcached.storage.js';
import { commandOf } from './memcached-connection.js';

export const memcachedSpanDescriptions = defineSpans({
  'memcached {command}': {
    kind: 'client',
    within: 'trace',
    help: 'A command of Memcached.',
    attributes: { 'db.system.name': '`memcached`.', 'db.operation.name': 'The command: neither keys nor values.' },
  },
});

/** What Memcached is asked, once a request asks. */
export function memcachedSpans({ connection }: MemcachedStorage): TracedCall[] {
  const span = memcachedSpanDescriptions['memcached {command}'];
  return [
    traced(connection, 'send', (tracer, send, command, ...only) => {
      const name = commandOf(command);
      const attributes = { 'db.system.name': 'memcached', 'db.operation.name': name };
      return tracer.run(span, attributes, () => send(command, ...only), { name: `memcached ${name}` });
    }),
  ];
}
