import { spawnSync } from 'node:child_process';

/**
 * Programs without which whole spec files cannot run, and those files. Where only some rules of a file need one, the file asks by itself
 * (`servers-of-this-run.ts`).
 */
export const NEEDED_PROGRAMS = {
  // Makes certificates.
  openssl: [
    'test/flows/access-matrix.spec.ts',
    'test/flows/every-path.spec.ts',
    'test/mtls/bound-tokens.spec.ts',
    'test/mtls/fuzz.spec.ts',
    'test/mtls/mtls.spec.ts',
    'test/mtls/proxies.spec.ts',
    'test/mtls/revocation.spec.ts',
    'test/oauth/agents.spec.ts',
    'test/oauth/clients-over-tls.spec.ts',
    'test/oauth/provider-clients.spec.ts',
    'test/pages/page-access.spec.ts',
    'test/security/odd-text.spec.ts',
    'test/verify/mutual-tls.spec.ts',
  ],
  // Follows the service by another implementation.
  python3: ['test/followers/python-follower.spec.ts', 'test/followers/vectors.spec.ts'],
};

/**
 * The spec files that this machine cannot run, said loudly; none in continuous integration, where a file that silently never ran would look
 * like one that passed.
 *
 * @param isThere whether a program can be run
 * @param say is told what is left out, and what to install
 */
export function filesLeftOut(isThere = runs, say = (line) => process.stderr.write(line)) {
  if (process.env.CI === 'true') return [];
  return Object.entries(NEEDED_PROGRAMS).flatMap(([program, files]) => {
    if (isThere(program)) return [];
    say(
      `\n!! ${program} is not installed: ${files.length} files are LEFT OUT, ${files.join(', ')}. Install the package ${program}.\n\n`,
    );
    return files;
  });
}

function runs(program) {
  return spawnSync(program, [program === 'openssl' ? 'version' : '--version'], { stdio: 'ignore' }).status === 0;
}
