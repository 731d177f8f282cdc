import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { AuditEventType } from '../audit/audit-event-types.js';
import { AUDITED, AuditedInterceptor, type AuditedOptions, type AuditedRule } from './audited.interceptor.js';

/**
 * Records an event each time the handler has succeeded, before the reply: with the user, the session or the key's id, who acts as the user,
 * and where the request came from. What was refused or failed is not recorded: nothing has happened. Events of an application begin
 * with `app.`; declare them to have their names checked.
 *
 * @example
 * declare module 'coatcheck' { interface AuditEvents { 'app.invoice_paid': string } }
 *
 * @Post('invoices/:id/pay') @Audited('app.invoice_paid', { details: (invoice) => ({ invoiceId: invoice.id }) }) pay() {}
 */
export function Audited(type: AuditEventType, options: AuditedOptions = {}): MethodDecorator {
  return applyDecorators(
    SetMetadata(AUDITED, { type, ...options } satisfies AuditedRule),
    UseInterceptors(AuditedInterceptor),
  );
}
