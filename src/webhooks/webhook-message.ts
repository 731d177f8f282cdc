import { createHmac } from 'node:crypto';

/** A request as Standard Webhooks 1.0 has it. */
export interface WebhookMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Signs a payload: HMAC-SHA-256 over `<id>.<timestamp>.<body>`, once with each secret.
 *
 * @param id the same at every try, so that a receiver can tell a repetition
 * @param secrets `whsec_<base64>`
 */
export function webhookMessage(id: string, payload: object, now: Date, secrets: readonly string[]): WebhookMessage {
  const body = JSON.stringify(payload);
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'coatcheck',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
  return { headers, body };
}
