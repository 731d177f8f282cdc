/** Where servers of the tests keep what has to survive nothing: in memory, if there is room. */
export function scratchFolder(otherwise?: string): string;
