/** What the floor is, for sentences that begin with it; by itself, since the page's script says it, too. */
export const floorMeaning =
  "what the machine and the harness need for the least that could be a transport: what lies below it " +
  "is not the transport's";
