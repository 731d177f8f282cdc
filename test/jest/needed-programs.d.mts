/** Programs without which whole spec files cannot run, and those files. */
export declare const NEEDED_PROGRAMS: Readonly<Record<'openssl' | 'python3', readonly string[]>>;

/** The spec files that this machine cannot run, said loudly; none in continuous integration. */
export declare function filesLeftOut(isThere?: (program: string) => boolean, say?: (line: string) => void): string[];
