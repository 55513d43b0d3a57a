/** A trial can't go on, and machine or harness, not the server, is the cause. */
export class MachineFailure extends Error {}
