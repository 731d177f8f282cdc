/** The mail server will never take this mail: it is given up at once. A `Mailer` throws it; whatever else it throws is tried again. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';

  /** @param reason for the log; without the address */
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}
