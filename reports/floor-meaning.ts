/** What the floor is, for sentences that begin with it; by itself, since the page's script says it, too. */
export const floorMeaning =
  "the cost of the machine and the harness, measured with the cheapest conceivable transport; a " +
  "transport's own cost is its distance from the floor";
