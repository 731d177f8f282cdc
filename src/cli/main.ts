#!/usr/bin/env node
import { tell } from './command-failure.js';
import { commands } from './commands.js';

commands()
  .parseAsync()
  .then(
    // Whatever a driver has left open must not keep a finished command.
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${tell(error)}\n`);
      process.exit(1);
    },
  );
