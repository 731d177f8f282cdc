import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { SCOPES } from '../http/api-docs.js';
import { AUTH_ROUTES } from '../http/coatcheck-route.js';
import type { StrategyName } from '../kernel/auth-context.js';
import type { StepUp } from '../kernel/auth-error.js';
import { openingOf } from './opening.js';
import { PROTECTED_RESOURCE, type ResourceRule } from './resource-rule.js';
import {
  ALLOWED_STRATEGIES,
  NOT_WHILE_IMPERSONATING,
  OPEN_TO_ENROLMENT,
  OPEN_TO_OTHER_SITES,
  PERMISSIONS,
  ROLES,
  STEP_UP,
} from './rule-keys.js';

/** The rules that decorators set for a route or its controller. */
export interface Rules {
  readonly controller: object;
  readonly handler: object;
  readonly isPublic: boolean;
  /** Nothing is asked of a caller without a ticket. */
  readonly isOptional: boolean;
  /** One of Coatcheck's own. */
  readonly isOurs: boolean;
  readonly isClosedToImpersonators: boolean;
  readonly isOpenToEnrolment: boolean;
  readonly isOpenToOtherSites: boolean;
  readonly allowed: readonly StrategyName[] | undefined;
  readonly roles: readonly string[] | undefined;
  readonly permissions: readonly string[] | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly stepUp: Partial<StepUp> | undefined;
  /** The resource of OAuth that it belongs to. */
  readonly resource: ResourceRule | undefined;
}

/** Reads rules once a route: they never change, and are slow to ask. */
export class RouteRules {
  /** By controller and handler. */
  private readonly read = new WeakMap<object, Map<object, Rules>>();
  /** While one request is judged, the same are asked for several times. */
  private latest: Rules | undefined;

  constructor(private readonly reflector: Reflector) {}

  of(context: ExecutionContext): Rules {
    const controller = context.getClass();
    const handler = context.getHandler();
    const { latest } = this;
    if (latest !== undefined && latest.handler === handler && latest.controller === controller) return latest;
    const ofController = this.read.get(controller) ?? new Map<object, Rules>();
    const rules = ofController.get(handler) ?? this.readRules(controller, handler);
    this.read.set(controller, ofController.set(handler, rules));
    this.latest = rules;
    return rules;
  }

  private readRules(
    controller: ReturnType<ExecutionContext['getClass']>,
    handler: ReturnType<ExecutionContext['getHandler']>,
  ): Rules {
    const said = <T>(key: string) => this.reflector.getAllAndOverride<T | undefined>(key, [handler, controller]);
    const opening = openingOf(handler, controller);
    return {
      controller,
      handler,
      isPublic: opening === 'public',
      isOptional: opening === 'optional',
      isOurs: said<boolean>(AUTH_ROUTES) === true,
      isClosedToImpersonators: said<boolean>(NOT_WHILE_IMPERSONATING) === true,
      isOpenToOtherSites: said<boolean>(OPEN_TO_OTHER_SITES) === true,
      isOpenToEnrolment: said<boolean>(OPEN_TO_ENROLMENT) === true,
      allowed: said<StrategyName[]>(ALLOWED_STRATEGIES),
      roles: said<string[]>(ROLES),
      permissions: said<string[]>(PERMISSIONS),
      scopes: said<string[]>(SCOPES),
      stepUp: said<Partial<StepUp>>(STEP_UP),
      resource: said<ResourceRule>(PROTECTED_RESOURCE),
    };
  }
}
