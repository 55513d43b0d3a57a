/** How many addresses there are for clients: those of 127.1.0.1 to 127.254.255.1 that end in 1. */
const addresses = 254 * 256;

/**
 * A loopback address of a client's own, by its number, as clients of a server on the Internet have one each. The third
 * octet counts: nginx' `ip_hash` looks no further, and so spreads them evenly.
 */
export function addressOfClient(number: number): string {
  const index = number % addresses;
  return `127.${1 + Math.floor(index / 256)}.${index % 256}.1`;
}
