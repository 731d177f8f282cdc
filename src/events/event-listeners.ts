import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import type { AuditEvent } from '../audit/audit-sink.js';
import { AFTER_COMMIT, type HeardEvent, IN_TRANSACTION, TRANSACTIONAL_EVENTS } from './listener-decorators.js';

type Listener = (event: HeardEvent, tx?: EntityManager) => unknown;

/** The methods of the application that say `@InTransaction()` or `@AfterCommit()`. */
@Injectable()
export class EventListeners implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('events');
  private readonly inTransaction = new Map<string, Listener[]>();
  private readonly afterCommit = new Map<string, Listener[]>();
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws TypeError for a listener that is no singleton, or that wants to join what is no transaction */
  onModuleInit(): void {
    const seen = new Set<unknown>();
    for (const found of [...this.discovery.getProviders(), ...this.discovery.getControllers()]) {
      const { instance, metatype } = found;
      const prototype = instance ? Object.getPrototypeOf(instance) : metatype?.prototype;
      if (typeof prototype !== 'object' || prototype === null || seen.has(instance ?? metatype)) continue;
      seen.add(instance ?? metatype);
      for (const heard of listeningMethods(prototype))
        this.add(heard.key === IN_TRANSACTION ? this.inTransaction : this.afterCommit, heard, found);
    }
    const unjoinable = [...this.inTransaction.keys()].filter((type) => !JOINABLE.has(type));
    if (unjoinable.length > 0) throw new TypeError(`@InTransaction cannot join ${unjoinable.join(', ')}`);
  }

  /** Those that are heard already are waited for. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.settled();
  }

  /** Returns when all that is being heard has been. For tests. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** Whether any would join the transaction of such an event. */
  joins(event: AuditEvent): boolean {
    return heardTypes(event).some((type) => this.inTransaction.has(type));
  }

  /** @throws whatever a listener throws */
  async join(event: AuditEvent, at: Date, tx: EntityManager): Promise<void> {
    for (const [listener, heard] of listenersOf(this.inTransaction, event, at)) await listener(heard, tx);
  }

  /** Never throws, and waits for none. */
  tell(event: AuditEvent, at: Date): void {
    for (const [listener, heard] of listenersOf(this.afterCommit, event, at)) {
      const hearing = Promise.resolve()
        .then(() => listener(heard))
        .catch((error: Error) => this.logger.error(`a listener of ${heard.type} failed`, error?.stack))
        .then(() => void this.underWay.delete(hearing));
      this.underWay.add(hearing);
    }
  }

  private add(
    listeners: Map<string, Listener[]>,
    { name, method, types }: ListeningMethod,
    found: ReturnType<DiscoveryService['getProviders']>[number],
  ): void {
    const { instance, name: owner } = found;
    if (!instance || !found.isDependencyTreeStatic())
      throw new TypeError(`${owner}.${name} hears events, so ${owner} must be a singleton`);
    for (const type of types) listeners.set(type, [...(listeners.get(type) ?? []), method.bind(instance)]);
  }
}

/** A method that says `@InTransaction()` or `@AfterCommit()`. */
interface ListeningMethod {
  readonly key: typeof IN_TRANSACTION | typeof AFTER_COMMIT;
  readonly name: string;
  readonly method: Listener;
  readonly types: readonly string[];
}

/** Of each prototype its own ones: of a hundred classes next to none has any, and each application asks again. */
const ownMethods = new WeakMap<object, readonly ListeningMethod[]>();

/** Also inherited ones, unless they are overridden. */
function listeningMethods(prototype: object): ListeningMethod[] {
  const all: ListeningMethod[] = [];
  for (let each = prototype; each !== null && each !== Object.prototype; each = Object.getPrototypeOf(each)) {
    const own = ownMethods.get(each) ?? ownListeningMethods(each);
    ownMethods.set(each, own);
    all.push(...own.filter(({ name, method }) => Reflect.get(prototype, name) === method));
  }
  return all;
}

function ownListeningMethods(prototype: object): ListeningMethod[] {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { value: method }]) =>
    typeof method !== 'function' || name === 'constructor'
      ? []
      : ([IN_TRANSACTION, AFTER_COMMIT] as const).flatMap((key) => {
          const types: readonly string[] | undefined = Reflect.getMetadata(key, method);
          return types === undefined ? [] : [{ key, name, method, types }];
        }),
  );
}

const JOINABLE: ReadonlySet<string> = new Set(TRANSACTIONAL_EVENTS);

function listenersOf(
  listeners: ReadonlyMap<string, readonly Listener[]>,
  event: AuditEvent,
  at: Date,
): [Listener, HeardEvent][] {
  if (listeners.size === 0) return [];
  return heardTypes(event).flatMap((type) =>
    (listeners.get(type) ?? []).map((listener): [Listener, HeardEvent] => [
      listener,
      { ...event, ...(type === event.type ? {} : { by: event.type }), type, at },
    ]),
  );
}

/** Whichever way a user comes about, it is `user.created`, `by` the event that the audit has of it. */
function heardTypes(event: AuditEvent): HeardEvent['type'][] {
  return isOfNewUser(event) ? [event.type, 'user.created'] : [event.type];
}

const OF_NEW_USERS: ReadonlySet<string> = new Set([
  'user.imported',
  'user.migrated',
  'user.provisioned',
  'admin.bootstrapped',
  'invitation.accepted',
]);

function isOfNewUser({ type, outcome, by }: AuditEvent): boolean {
  if (type === 'user.registered') return outcome === 'created';
  if (type === 'email.verified') return by === 'registration';
  return OF_NEW_USERS.has(type);
}
