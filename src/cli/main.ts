#!/usr/bin/env node
import { Logger } from '@nestjs/common';
import { quiet } from './application.js';
import { tell } from './command-failure.js';
import { commands } from './commands.js';

Logger.overrideLogger(quiet);
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
