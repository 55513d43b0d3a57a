import { openSync, readFileSync, readSync } from "node:fs";

/** The text of a small file; null where there is none, or it may not be read. */
export function read(path: string, encoding: "utf8" | "latin1" = "utf8"): string | null {
  try {
    return readFileSync(path, encoding);
  } catch {
    return null;
  }
}

/**
 * A file whose content the kernel makes for each reading. It is opened once, for the first reading: a process at
 * its limit of descriptors couldn't open it any more, and opening costs more than reading.
 */
export class KernelFile {
  readonly #path: string;
  readonly #buffer: Buffer = Buffer.alloc(4_096);
  #file: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Its first 4 KiB; null where it can't be read. */
  read(): string | null {
    try {
      this.#file ??= openSync(this.#path, "r");
      const length = readSync(this.#file, this.#buffer, 0, this.#buffer.length, 0);
      return this.#buffer.toString("latin1", 0, length);
    } catch {
      return null;
    }
  }
}
