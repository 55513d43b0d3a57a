/** How long a worker, or whoever plays a run, may give no sign of life before it is taken for dead, in milliseconds. */
export const leaseMs = 5_000;

/** How often it gives one. */
export const renewMs = 1_000;
