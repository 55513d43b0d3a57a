// In the place of base64-js, for the same reason as pako's.

/** No `Buffer`, whose slices share its memory: the caller turns the bytes of some round. */
export function toByteArray(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}

export function fromByteArray({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
