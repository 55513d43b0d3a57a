/** The one part of it that is needed. */
declare module "hpack.js" {
  export interface Decompressor {
    write(block: Buffer): void;
    /** Decodes what was written. What isn't HPACK is an "error" event. */
    execute(): void;
    read(): { readonly name: string; readonly value: string } | null;
  }
  const hpack: {
    readonly decompressor: {
      create(options: { readonly table: { readonly size: number } }): Decompressor;
    };
  };
  export default hpack;
}
