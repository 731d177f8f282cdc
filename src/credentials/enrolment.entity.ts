import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The table `enrolments`: which users have which factors, so that a login asks one table, whatever factors there are. */
@Entity({ schema: 'coatcheck', name: 'enrolments', synchronize: false })
export class EnrolmentEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'enrolments_pkey' })
  userId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'enrolments_pkey' })
  factor!: string;

  @Column({ name: 'enrolled_at', type: 'timestamp with time zone' })
  enrolledAt!: Date;
}
