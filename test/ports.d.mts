/** A port of this machine that is free now, and that no other caller is given while this process lives. */
export function reservePort(offset?: number): Promise<number>;
/** Whether a server ended because somebody else had its port, by what it said. */
export function wasTaken(output: string): boolean;
