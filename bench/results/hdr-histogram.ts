// What is needed of hdr-histogram-js: all of it makes number formats of ICU's, which each process that
// measures would do before it can start.
export { build } from "hdr-histogram-js/dist/HistogramBuilder.js";
export {
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
} from "hdr-histogram-js/dist/encoding.js";
export { initWebAssemblySync } from "hdr-histogram-js/dist/wasm/index.js";
