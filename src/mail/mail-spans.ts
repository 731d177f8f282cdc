import { defineSpans, type TracedCall, traced } from '../kernel/span.js';
import type { MailQueue } from './mail-queue.js';
import type { MailSender } from './mail-sender.js';
import type { Mailer } from './mailer.js';

export const mailSpanDescriptions = defineSpans({
  'coatcheck.mail': {
    kind: 'consumer',
    within: 'own',
    help: 'A mail job, from its beginning to the mail that is handed over, or none that is due. Linked to the request that asked for it.',
    attributes: {
      'coatcheck.mail.kind': 'Its template.',
      'coatcheck.mail.attempt': '1 for the first try.',
    },
  },
  'coatcheck.mail.send': { kind: 'client', help: 'A mail that is handed to the mail server.' },
});

/** Mails, and which request asked for each. */
export function mailSpans(queue: MailQueue, sender: MailSender, mailer: Mailer): TracedCall[] {
  const { 'coatcheck.mail': job, 'coatcheck.mail.send': sending } = mailSpanDescriptions;
  return [
    traced(queue, 'enqueue', (tracer, enqueue, given, ...within) => {
      const traceparent = tracer.position();
      return enqueue(traceparent === undefined ? given : { ...given, traceparent }, ...within);
    }),
    traced(sender, 'handle', (tracer, handle, claimed, next) => {
      const { kind, facts } = claimed.row;
      const attributes = { 'coatcheck.mail.kind': kind, 'coatcheck.mail.attempt': claimed.attempt };
      return tracer.run(job, attributes, () => handle(claimed, next), { askedBy: facts.traceparent });
    }),
    traced(mailer, 'send', (tracer, send, mail) => tracer.run(sending, {}, () => send(mail))),
  ];
}
