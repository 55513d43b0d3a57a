import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { nowNs } from "../measure/clock.ts";
import { collectGarbage } from "../measure/garbage.ts";
import { heapBytes } from "../measure/memory-course.ts";
import { openFilesLimit, residentBytes } from "../machine/kernel.ts";
import type { Descriptors } from "../machine/kernel.ts";
import type { Clock, Memory } from "./protocol.ts";

// What a measuring process reports about itself.

export function clock(): Clock {
  return { nowNs: nowNs() };
}

export async function memory(): Promise<Memory> {
  await collectGarbage();
  return { rssBytes: residentBytes(), heapBytes: heapBytes() };
}

/**
 * Whether this process is out of file descriptors, found by opening one: a server that is says nothing,
 * its clients just see their connections end.
 */
export function descriptors(): Descriptors {
  return { exhausted: !canOpen(), limit };
}

/** Read early: at the limit there is no descriptor left to read it with. */
const limit = openFilesLimit();

function canOpen(): boolean {
  try {
    closeSync(openSync(devNull, "r"));
    return true;
  } catch {
    return false;
  }
}
