import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Bind, Counted, Ending } from '../../security/holding.js';
import { StatementHolding } from '../../security/statement-holding.js';

/** Names in client certificates that stand for a service user. A certificate with such a name stands for no user from then on. */
@Injectable()
export class CertificateHolding extends StatementHolding {
  readonly name = 'certificates';
  readonly column = 'certificates';

  statements({ userId, event, since }: Ending, bind: Bind): readonly string[] {
    const limit = since ? `AND created_at >= ${bind(since)}` : '';
    const names = `DELETE FROM coatcheck.certificate_names WHERE user_id = ${bind(userId)} ${limit}`;
    if (event !== 'deleted') return [names];
    // What was revoked stays so, should the name ever stand for a user again.
    return [names, `DELETE FROM coatcheck.certificates WHERE user_id = ${bind(userId)} AND revoked_at IS NULL`];
  }

  override async countHeld({ userId, most }: Counted, tx: EntityManager): Promise<number> {
    const [{ count }] = await tx.query(
      `SELECT count(*)::integer AS count FROM (
         SELECT FROM coatcheck.certificate_names WHERE ($1::uuid IS NULL OR user_id = $1) LIMIT $2) names`,
      [userId, most],
    );
    return count;
  }
}
