const handlers = new WeakSet<object>();

/** A handler that asks no store and waits for nothing: it needs no deadline, and is not to pay for one. */
export function NoDeadline(): MethodDecorator {
  return (_target, _name, descriptor) => {
    handlers.add(descriptor.value as object);
  };
}

export function hasNoDeadline(handler: object): boolean {
  return handlers.has(handler);
}
