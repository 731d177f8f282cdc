import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager, type EntitySubscriberInterface, type QueryRunner } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';

/** Does something once a transaction has been committed. */
@Injectable()
export class Commits implements OnModuleInit, OnApplicationShutdown, EntitySubscriberInterface {
  private readonly waiting = new WeakMap<QueryRunner, Set<() => void>>();

  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {}

  onModuleInit(): void {
    this.dataSource.subscribers.push(this);
  }

  /** A host's DataSource may outlive us. */
  onApplicationShutdown(): void {
    const own = this.dataSource.subscribers.indexOf(this);
    if (own >= 0) this.dataSource.subscribers.splice(own, 1);
  }

  /** At once when there is no transaction; never if it is rolled back. */
  after(within: EntityManager | undefined, work: () => void): void {
    const runner = within?.queryRunner;
    if (!runner?.isTransactionActive) {
      work();
      return;
    }
    this.waiting.set(runner, (this.waiting.get(runner) ?? new Set()).add(work));
  }

  afterTransactionCommit({ queryRunner }: { queryRunner: QueryRunner }): void {
    // A savepoint that is released has committed nothing yet.
    if (queryRunner.isTransactionActive) return;
    for (const work of this.waiting.get(queryRunner) ?? []) work();
    this.waiting.delete(queryRunner);
  }

  afterTransactionRollback({ queryRunner }: { queryRunner: QueryRunner }): void {
    if (!queryRunner.isTransactionActive) this.waiting.delete(queryRunner);
  }
}
