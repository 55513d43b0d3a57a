// What the build puts in the place of pako in a process that measures: there is no code to compile before
// it can start.
export { deflateSync as deflate, inflateSync as inflate } from "node:zlib";
