import type { Command } from 'commander';
import { exportReaders } from '../moving-in/readers.js';
import { CommandFailure } from './command-failure.js';
import { importUsers } from './import-users.js';
import { moveIn } from './move-in/move-in.js';
import type { MoveInOptions } from './move-in/move-in-params.js';

/** `import`: users of another system, in our own format or as that system exports them. */
export function addImportCommand(program: Command): void {
  program
    .command('import [file]')
    .description(
      'import users from a file or from standard input: JSON lines as for POST /admin/import, or with --from the export of another system',
    )
    .option(
      '--from <system>',
      `the system that exported the file: ${exportReaders.map(({ system }) => system).join(', ')}`,
    )
    .option('--dry-run', 'check every user, also against the users that exist, and write nothing')
    .option('--report <file>', 'write what was refused or left out, and why, as JSON lines')
    .option('--ids <file>', 'write the old and the new id of each user, as CSV')
    .option('--with <name=file>', 'another file of the export, as the guide says; repeatable', collect, [])
    .option('--settings <file>', 'what the system tells apart from its export, as JSON or lines "name: value"')
    .option(
      '--roles <theirs=ours>',
      'a role to take along, and its name here; repeatable. Others are left out',
      collect,
      [],
    )
    .option('--namespace <name>', 'keeps two installations of one system apart whose users are numbered 1, 2, 3')
    .option(
      '--without-unknown-hashes',
      'import users whose hash has an unknown form without it: they reset the password',
    )
    .action((file: string | undefined, options: Partial<MoveInOptions>) => {
      const { from } = options;
      if (from !== undefined) return moveIn(file, { ...options, from } as MoveInOptions);
      const { with: others, roles, ...rest } = options;
      if (others?.length || roles?.length || Object.keys(rest).length > 0)
        throw new CommandFailure('These options need --from.', 'name the system that exported the file');
      return importUsers(file);
    });
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
