import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Identity } from "../layers/tls.ts";

/** A file that a program reads, as it was written. */
export interface WrittenFile {
  readonly name: string;
  readonly text: string;
}

/** Writes what a program reads. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>> = {},
): Promise<WrittenFile[]> {
  const written = Object.entries(files).map(([name, text]) => ({ name, text }));
  await Promise.all(
    written.map(async ({ name, text }) => {
      const file = join(folder, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }),
  );
  return written;
}

/** Where a program finds its certificate and key. */
export function identityFiles(folder: string): Record<keyof typeof pem, string> {
  return {
    certificate: join(folder, "certificate.pem"),
    key: join(folder, "key.pem"),
    certificateAndKey: join(folder, "certificate-and-key.pem"),
  };
}

/** Writes certificate and key, which are none of the files that are shown. */
export async function writeIdentity(folder: string, identity: Identity): Promise<void> {
  const files = identityFiles(folder);
  const parts = ["certificate", "key", "certificateAndKey"] as const;
  await Promise.all(
    parts.map((part) => writeFile(files[part], pem[part](identity), { mode: 0o600 })),
  );
}

const pem = {
  certificate: ({ certificate }: Identity) => certificate,
  key: ({ key }: Identity) => key,
  certificateAndKey: ({ certificate, key }: Identity) => `${certificate.trimEnd()}\n${key}`,
};
