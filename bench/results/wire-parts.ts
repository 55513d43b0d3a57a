// For reports, which know nothing of transports but what results hold.
export { factsOf, isNumbered, partNames, partsPer, perPart } from "../../transports/wire-parts.ts";
export type { WirePart } from "../../transports/wire-parts.ts";
export {
  bothWays,
  subtractBytes,
  noBytes,
  scaleBytes,
  sumBytes,
} from "../../transports/wire-bytes.ts";
export type { WireBytes } from "../../transports/wire-bytes.ts";
