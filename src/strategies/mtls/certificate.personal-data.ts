import { Injectable } from '@nestjs/common';
import { PersonalData } from '../../kernel/personal-data.js';
import { CertificateNameReply, CertificateReply } from './certificate.replies.js';
import { CertificateRecords } from './certificate-records.js';

const TOGETHER = 100;

/** Certificates that stood for the user, and their names. */
@Injectable()
export class CertificatePersonalData extends PersonalData {
  readonly name = 'certificates';

  constructor(private readonly records: CertificateRecords) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<object[]> {
    yield (await this.records.namesOf(userId)).map((name) => ({ name: CertificateNameReply.of(name) }));
    for (let before: string | undefined; ; ) {
      const found = await this.records.listOf(userId, before, TOGETHER);
      yield found.map(CertificateReply.of);
      if (found.length < TOGETHER) return;
      before = found.at(-1)!.id;
    }
  }
}
