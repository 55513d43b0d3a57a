/**
 * How a command line begins that works wherever it is pasted. The program's short name does so within an
 * installation only: elsewhere, npm would download a package of that name, which is a stranger's.
 */
export const npxCommand = "npx transport-bench";
