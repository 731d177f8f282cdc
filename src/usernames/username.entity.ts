import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `usernames`: those that users have, and those that were given up lately. */
@Entity({ schema: 'coatcheck', name: 'usernames', synchronize: false })
@Index('usernames_user_id_key', ['userId'], { unique: true, where: 'released_at IS NULL' })
export class UsernameEntity {
  /** As `canonicalUsername` gave it. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'usernames_pkey' })
  canonical!: string;

  /** As its user writes it. */
  @Column({ type: 'text' })
  username!: string;

  /** Whose it is, or was; null: of a user who is deleted. */
  @Index('usernames_any_user_id_idx')
  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId!: string | null;

  /** Whether its user chose it; otherwise an admin or an import did. */
  @Column({ name: 'is_chosen', type: 'boolean' })
  isChosen!: boolean;

  @Column({ name: 'taken_at', type: 'timestamp with time zone' })
  takenAt!: Date;

  /** Null: it is in use. */
  @Index('usernames_released_at_idx')
  @Column({ name: 'released_at', type: 'timestamp with time zone', nullable: true })
  releasedAt!: Date | null;
}
