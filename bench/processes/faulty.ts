import { nowNs } from "../measure/clock.ts";

// The means by which faults are made.

/** Ends a fault. */
export type Undo = () => void;

/**
 * Replaces a method of one object until the returned function is called. Faults are made in this way because it
 * leaves the path of messages untouched where there is no fault.
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
