import { Webhook } from 'standardwebhooks';

/** A request as Standard Webhooks 1.0 has it. */
export interface WebhookMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Signs a payload, once with each secret.
 *
 * @param id the same at every try, so that a receiver can tell a repetition
 * @param secrets `whsec_<base64>`
 */
export function webhookMessage(id: string, payload: object, now: Date, secrets: readonly string[]): WebhookMessage {
  const body = JSON.stringify(payload);
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'coatcheck',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
  };
  return { headers, body };
}
