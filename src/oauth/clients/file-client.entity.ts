import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The table `oauth_file_clients`: which clients `OAUTH_CLIENTS` has ever listed. A row stays, so that none regains what it had. */
@Entity({ schema: 'coatcheck', name: 'oauth_file_clients', synchronize: false })
export class FileClientEntity {
  /** `client_id`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'oauth_file_clients_pkey' })
  id!: string;

  /** Counts how often it was put back: tokens that it got for itself name it. */
  @Column({ type: 'integer' })
  generation!: number;

  /** When a node began that does not list it, or lists it as disabled; null: it is listed. */
  @Column({ name: 'removed_at', type: 'timestamp with time zone', nullable: true })
  removedAt!: Date | null;
}
