import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `measurements`: what each node measured in each minute, and what all of them measured in each hour and on each day. */
@Entity({ schema: 'coatcheck', name: 'measurements', synchronize: false })
@Index('measurements_lookups_idx', ['minute'], { where: `((span_minutes = 1) AND (name = 'lookup_seconds'::text))` })
export class MeasurementEntity {
  /** How much time the row stands for: 1, 60 (an hour) or 1440 (a day of UTC). */
  @PrimaryColumn({ name: 'span_minutes', type: 'smallint', default: 1, primaryKeyConstraintName: 'measurements_pkey' })
  spanMinutes!: number;

  /** When the minute, the hour or the day began. */
  @PrimaryColumn({ type: 'timestamp with time zone', primaryKeyConstraintName: 'measurements_pkey' })
  minute!: Date;

  /** The process that measured. Empty: all of them. */
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

  /** Half of what was measured is at most this. Of an hour or a day: the mean of its minutes, by their counts. Null: only counted. */
  @Column({ type: 'double precision', nullable: true })
  p50!: number | null;

  /** 99 % of what was measured is at most this. Of an hour or a day: that of its worst minute. */
  @Column({ type: 'double precision', nullable: true })
  p99!: number | null;
}
