import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `measurements`: what each node measured in each minute, and what all of them measured in each hour. */
@Entity({ schema: 'coatcheck', name: 'measurements', synchronize: false })
@Index('measurements_hours_idx', ['minute'], { where: "node = ''::text" })
@Index('measurements_minutes_idx', ['minute'], { where: "node <> ''::text" })
export class MeasurementEntity {
  /** When the minute, or the hour, began. */
  @PrimaryColumn({ type: 'timestamp with time zone', primaryKeyConstraintName: 'measurements_pkey' })
  minute!: Date;

  /** The process that measured. Empty: all of them, for the hour that begins with `minute`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'measurements_pkey' })
  node!: string;

  /** One of `MEASURED`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'measurements_pkey' })
  name!: string;

  /** How often it happened, or was measured. */
  @Column({ type: 'double precision' })
  count!: number;

  /** Of all that was measured, mostly in seconds; 0 where only the count matters. */
  @Column({ type: 'double precision' })
  sum!: number;

  /** Half of what was measured is at most this. Of an hour: the mean of its minutes, by their counts. Null: only counted. */
  @Column({ type: 'double precision', nullable: true })
  p50!: number | null;

  /** 99 % of what was measured is at most this. Of an hour: that of its worst minute. */
  @Column({ type: 'double precision', nullable: true })
  p99!: number | null;
}
