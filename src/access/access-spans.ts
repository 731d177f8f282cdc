import type { ExecutionContext } from '@nestjs/common';
import { findRequest } from '../edge/edge.js';
import { defineSpans, type SpanAttributes, type TracedCall, traced } from '../kernel/span.js';
import type { AuthGuard } from './auth.guard.js';
import type { TicketStrategy } from './ticket-strategy.js';

export const accessSpanDescriptions = defineSpans({
  'coatcheck.guard': {
    help: 'The decision whether a request, a resolver or a message may pass.',
    attributes: {
      'coatcheck.decision': '`public` (an open route), `allowed` or `refused`.',
      'coatcheck.strategy': 'That recognised the caller. Absent: no ticket was needed, or none was accepted.',
    },
  },
  'coatcheck.token.verify': {
    help: 'The verification of a ticket: a session cookie, an access token, an API key or a certificate.',
    attributes: {
      'coatcheck.strategy': 'That verified it.',
      'coatcheck.token.kid': 'Of an access token: the key that signed it, if it is one of ours.',
    },
  },
});

/** The guard's decisions, and what they rest on. */
export function accessSpans(guard: AuthGuard, strategies: readonly TicketStrategy[]): TracedCall[] {
  const { 'coatcheck.guard': decision, 'coatcheck.token.verify': verification } = accessSpanDescriptions;
  return [
    traced(guard, 'canActivate', (tracer, canActivate, context) =>
      tracer.run(decision, { 'coatcheck.decision': 'refused' }, (span) => {
        const pass = (isAllowed: boolean) => {
          if (isAllowed) span.set(admission(guard, context));
          return isAllowed;
        };
        const passes = canActivate(context);
        return passes instanceof Promise ? passes.then(pass) : pass(passes);
      }),
    ),
    ...strategies.map((strategy) =>
      traced(strategy, 'verify', (tracer, verify, ticket, caller) =>
        tracer.run(verification, { 'coatcheck.strategy': strategy.name }, () => verify(ticket, caller)),
      ),
    ),
  ];
}

function admission(guard: AuthGuard, context: ExecutionContext): SpanAttributes {
  // biome-ignore lint/complexity/useLiteralKeys: a method that hosts override, and no one else's to call
  if (guard['isPublic'](context)) return { 'coatcheck.decision': 'public' };
  return { 'coatcheck.decision': 'allowed', 'coatcheck.strategy': findRequest(context)?.auth?.strategy };
}
