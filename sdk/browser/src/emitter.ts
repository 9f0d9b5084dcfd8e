/** Listeners, by the name of what happens. */
export interface Emitter<Events> {
  /** Returns a function that removes the listener. */
  on: <Name extends keyof Events>(name: Name, listener: (value: Events[Name]) => unknown) => () => void;
  /** Calls the listeners of a name in turn, and says whether one of them returned true. */
  emit: <Name extends keyof Events>(name: Name, value: Events[Name]) => boolean;
}

export function createEmitter<Events>(): Emitter<Events> {
  const listeners: { [Name in keyof Events]?: Set<(value: Events[Name]) => unknown> } = {};
  return {
    on(name, listener) {
      (listeners[name] ??= new Set()).add(listener);
      return () => void listeners[name]?.delete(listener);
    },
    emit(name, value) {
      let taken = false;
      for (const listener of [...(listeners[name] ?? [])])
        try {
          if (listener(value) === true) taken = true;
        } catch (error) {
          // One faulty listener must not keep the others from hearing it.
          report(error);
        }
      return taken;
    },
  };
}

/** Tells the page's own error handling of an error in the app, and goes on. */
export function report(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
