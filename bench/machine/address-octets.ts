/** The last octet of addresses that have as many digits each, by how many of them are wanted. */
const ranges = [
  { first: 1, last: 9 },
  { first: 10, last: 99 },
  { first: 100, last: 254 },
] as const;

/**
 * The last two octets of so many addresses, as they stand in `127.0.0.10`. Addresses stand in requests, so all of a
 * trial's have as many digits: those of another server would otherwise take more bytes.
 */
export function addressOctets(wanted: number): string[] {
  const enough = ranges.find(({ first, last }) => last - first + 1 >= wanted);
  const { first, last } = enough ?? ranges[2];
  const each = last - first + 1;
  return Array.from(
    { length: wanted },
    (_, index) => `${Math.floor(index / each)}.${first + (index % each)}`,
  );
}
