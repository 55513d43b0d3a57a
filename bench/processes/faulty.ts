import { nowNs } from "../measure/clock.ts";

// What faults are made of.

/** Ends a fault. */
export type Undo = () => void;

/**
 * Has a method of one object do something else, until the answer is called. Faults are made so: where there is
 * none, nothing stands in the way of a message.
 */
export function replaceMethod<Owner extends object, Name extends keyof Owner>(
  object: Owner,
  name: Name,
  by: Owner[Name],
): Undo {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value: by, configurable: true, writable: true });
  return () => {
    if (own === undefined) Reflect.deleteProperty(object, name);
    else Object.defineProperty(object, name, own);
  };
}

const waiting = new Int32Array(new SharedArrayBuffer(4));

/** Stops this process's event loop until `timeNs`, without using the processor that others need. */
export function blockUntil(timeNs: number): void {
  for (let leftNs = timeNs - nowNs(); leftNs > 0; leftNs = timeNs - nowNs()) {
    Atomics.wait(waiting, 0, 0, leftNs / 1e6);
  }
}

export function blockFor(forMs: number): void {
  blockUntil(nowNs() + forMs * 1e6);
}
