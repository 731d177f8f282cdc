import { Injectable } from '@nestjs/common';
import { Catalogue } from '../languages/catalogue.js';
import { firstMatch } from '../languages/language-of.js';
import type { MailJob } from './mail-job.js';

/** Who is to read a mail, as far as a job says: by id, or by canonical address. */
export interface MailReader {
  readonly userId?: string;
  readonly email?: string;
}

/** Finds the languages of the users who are mailed. */
export abstract class MailReaders {
  /** Tag of a language; null: none was chosen, or there is no such user. */
  abstract languageOf(reader: MailReader): Promise<string | null>;
}

/** The language that a mail is written in. */
@Injectable()
export class MailLanguage {
  constructor(
    private readonly readers: MailReaders,
    private readonly catalogue: Catalogue,
  ) {}

  /** The user's own, else one that the request asked for, else the first of `PAGES_LANGUAGES`. */
  async of({ userId, email, languages }: Omit<MailJob, 'kind'>): Promise<string> {
    const chosen = await this.chosen({
      ...(typeof userId === 'string' && { userId }),
      ...(typeof email === 'string' && { email }),
    });
    const wishes = [
      ...(chosen === null ? [] : [chosen]),
      ...(typeof languages === 'string' ? languages.split(',') : []),
    ];
    return firstMatch(wishes, this.catalogue.languages) ?? this.catalogue.defaultLanguage;
  }

  private chosen(reader: MailReader): Promise<string | null> {
    const isKnown = reader.userId !== undefined || reader.email !== undefined;
    return isKnown ? this.readers.languageOf(reader) : Promise.resolve(null);
  }
}
