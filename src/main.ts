import type { Command } from './cli/command-line.ts';
import { parseCommandLine } from './cli/command-line.ts';
import { stopSignal } from './clock/stop-signal.ts';
import { systemClock } from './clock/system-clock.ts';
import { tellFailure } from './main/tell-failure.ts';
import { version } from './main/version.ts';
import type { ErrorOutput } from './output/error-output.ts';
import { openStderr } from './output/error-output.ts';

void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  // One for the whole process: Node allows for no second stream on the descriptor while the first one waits.
  const stderr = openStderr();
  try {
    process.exitCode = await perform(parseCommandLine(args, version), stderr);
  } catch (error) {
    process.exitCode = tellFailure(error, args.includes('--quiet'), stderr);
  }
}

/** Does what the command line asks for, and loads no more than that needs; resolves with the exit code. */
async function perform(command: Command, stderr: ErrorOutput): Promise<number> {
  switch (command.kind) {
    case 'print':
      print(command.text);
      return 0;
    case 'sandbox': {
      const { runSandboxCommand } = await import('./sandbox/command.ts');
      await runSandboxCommand(
        command,
        systemClock,
        print,
        stopSignal(undefined, systemClock).signal,
      );
      return 0;
    }
    case 'collect': {
      const { collectCommand } = await import('./main/collect-command.ts');
      return collectCommand(command, stderr, print);
    }
  }
}

/** Writes what a command was asked to say; a reader that has gone wanted no more. */
function print(text: string): void {
  process.stdout.on('error', () => undefined).write(text);
}
