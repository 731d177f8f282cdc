import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { reservePort } from '../ports.mjs';

/** A real SMTP server that keeps what it accepts. Its certificate is signed by nobody. */
export class SmtpSink {
  readonly mails: ParsedMail[] = [];
  readonly receivers: string[] = [];
  readonly sessions: { secure: boolean; user: string | undefined }[] = [];
  private server: SMTPServer | undefined;
  port = 0;

  /** Starts, again on the same port after a stop. */
  async listen(options: SMTPServerOptions = {}): Promise<this> {
    this.server = new SMTPServer({
      authOptional: true,
      onData: (stream, session, done) => {
        simpleParser(stream).then((mail) => {
          this.mails.push(mail);
          this.receivers.push(...session.envelope.rcptTo.map(({ address }) => address));
          this.sessions.push({ secure: session.secure, user: session.user });
          done();
        }, done);
      },
      ...options,
    });
    // Clients that break off are part of the tests.
    this.server.on('error', () => {});
    // Clients try it while it is stopped: not within the ports that their own connections are given.
    this.port ||= await reservePort();
    await new Promise<void>((resolve, reject) => {
      this.server!.server.once('error', reject);
      this.server!.listen(this.port, '127.0.0.1', resolve);
    });
    return this;
  }

  /** Breaks every connection. */
  cut(): void {
    for (const connection of this.server!.connections as Set<{ _socket: { destroy(): void } }>)
      connection._socket.destroy();
  }

  close(): Promise<void> {
    return new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve()));
  }
}

/** What a server says to refuse. */
export function refusal(responseCode: number): Error {
  return Object.assign(new Error('refused: <ada@example.com>'), { responseCode });
}
