import {
  type ArgumentMetadata,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { CUSTOM_ROUTE_ARGS_METADATA, PARAMTYPES_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ApplicationConfig } from '@nestjs/core';
import { isCoatcheckRoute } from './coatcheck-route.js';

type RequestScoped = ReturnType<ApplicationConfig['getGlobalRequestPipes']>[number];

/** The classes that parameters of our own handlers have; a host has no other use for them. */
const ownParameters = new WeakSet<object>();

/** The type under which pipes see a parameter of ours with a decorator of its own, such as `@CurrentUser()`. */
const OWN_PARAMETER = Symbol('coatcheck.own-parameter');

/** Keeps a host's pipes away from the parameters of these controllers. Not for controllers of a host: their classes are its own. */
export function ownParametersOf(controllers: readonly Type[]): void {
  for (const controller of controllers) {
    for (const name of Object.getOwnPropertyNames(controller.prototype)) {
      const types: unknown[] = Reflect.getMetadata(PARAMTYPES_METADATA, controller.prototype, name) ?? [];
      for (const type of types) if (typeof type === 'function' && !BUILT_IN.has(type)) ownParameters.add(type);
      const parameters: Record<string, { data?: unknown }> =
        Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {};
      for (const [key, parameter] of Object.entries(parameters))
        if (key.includes(CUSTOM_ROUTE_ARGS_METADATA)) parameter.data ??= OWN_PARAMETER;
    }
  }
}

const BUILT_IN = new Set<unknown>([Object, String, Number, Boolean, Array, Date, Function, Promise, Buffer]);

/**
 * Has a host's global pipes and interceptors step aside on our routes, whenever and however they are registered. Nest puts them around every
 * handler and has no metadata against it, so its own list of them is what must answer differently. (A global filter comes after
 * those of a controller, and ours catch everything.)
 */
@Injectable()
export class HostEnhancers {
  private static readonly known = new WeakSet<ApplicationConfig>();

  constructor(config: ApplicationConfig) {
    // Several AuthModules in one application share it.
    if (HostEnhancers.known.has(config)) return;
    HostEnhancers.known.add(config);
    const { getGlobalPipes, getGlobalInterceptors, getGlobalRequestPipes, getGlobalRequestInterceptors } = config;
    const pipe = once(besideOwnParameters);
    const interceptor = once(besideOwnRoutes);
    const scopedPipe = once((wrapper: RequestScoped) => scoped(wrapper, pipe));
    const scopedInterceptor = once((wrapper: RequestScoped) => scoped(wrapper, interceptor));
    config.getGlobalPipes = () => getGlobalPipes.call(config).map(pipe);
    config.getGlobalInterceptors = () => getGlobalInterceptors.call(config).map(interceptor);
    config.getGlobalRequestPipes = () => getGlobalRequestPipes.call(config).map(scopedPipe);
    config.getGlobalRequestInterceptors = () =>
      getGlobalRequestInterceptors.call(config).map((wrapper) => scopedInterceptor(wrapper as never) as never);
  }
}

/** Objects of the same class, whose other methods and fields are those of the original. */
function besideOwnRoutes(original: NestInterceptor): NestInterceptor {
  const intercept: NestInterceptor['intercept'] = (context: ExecutionContext, next) =>
    isCoatcheckRoute(context) ? next.handle() : original.intercept(context, next);
  return Object.create(original, { intercept: { value: intercept } });
}

function besideOwnParameters(original: PipeTransform): PipeTransform {
  const transform = (value: unknown, metadata: ArgumentMetadata): unknown =>
    isOwn(metadata) ? value : original.transform(value, metadata);
  return Object.create(original, { transform: { value: transform } });
}

function isOwn({ data, metatype }: ArgumentMetadata): boolean {
  return (data as unknown) === OWN_PARAMETER || (metatype !== undefined && ownParameters.has(metatype));
}

/** Of a request-scoped one, Nest asks for an instance each time. */
function scoped<T extends object>(wrapper: RequestScoped, aside: (instance: T) => T): RequestScoped {
  const getInstanceByContextId: RequestScoped['getInstanceByContextId'] = (...given) => {
    const host = wrapper.getInstanceByContextId(...given);
    return host && { ...host, instance: aside(host.instance as unknown as T) as never };
  };
  return Object.create(wrapper, { getInstanceByContextId: { value: getInstanceByContextId } });
}

function once<T extends object>(make: (original: T) => T): (original: T) => T {
  const made = new WeakMap<object, T>();
  return (original) => {
    // What is no object was not accepted by Nest either.
    if (typeof original !== 'object' || original === null) return original;
    const known = made.get(original) ?? make(original);
    made.set(original, known);
    return known;
  };
}
