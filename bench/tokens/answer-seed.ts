/**
 * The seed of one answer: both sides reckon it from what they know. Mixed well (the finalizer of MurmurHash3, Appleby), so
 * that neighbouring clients and requests have nothing in common.
 */
export function answerSeed(seed: number, client: number, request: number): number {
  return mixed(mixed(mixed(seed) ^ client) ^ request);
}

function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  // Of 31 bits: what generators take, and what divides into places.
  return ((hash ^ (hash >>> 16)) >>> 1) + 1;
}
