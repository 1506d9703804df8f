import { writeSync } from 'node:fs';
import type { Command } from './cli/command-line.ts';
import { versionAndCommit } from './main/version.ts';
import type { ErrorOutput } from './output/error-output.ts';

void main(process.argv.slice(2));

/** Loads each part when it is needed: a run starts every few minutes, on somebody else's machine. */
async function main(args: readonly string[]): Promise<void> {
  if (args.length === 1 && ['--version', '-V'].includes(args[0] ?? '')) {
    printLine(versionAndCommit);
    return;
  }
  const { openStderr } = await import('./output/error-output.ts');
  // One for the whole process: Node allows for no second stream on the descriptor while the first one waits.
  const stderr = openStderr();
  try {
    const { parseCommandLine } = await import('./cli/command-line.ts');
    process.exitCode = await perform(parseCommandLine(args, versionAndCommit), stderr);
    await allPrinted();
  } catch (error) {
    const { tellFailure } = await import('./main/tell-failure.ts');
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
      const { sandboxCommand } = await import('./main/sandbox-command.ts');
      await sandboxCommand(command, print);
      return 0;
    }
    case 'backfill': {
      const { backfillCommand } = await import('./main/backfill-command.ts');
      return backfillCommand(command, stderr, print);
    }
    case 'audit': {
      const { auditCommand } = await import('./main/audit-command.ts');
      return auditCommand(command, stderr);
    }
    case 'check':
    case 'status':
    case 'setup':
    case 'checkpoint':
    case 'script-source':
      return operate(command, stderr);
    case 'collect': {
      const { collectCommand } = await import('./main/collect-command.ts');
      return collectCommand(command, stderr, print);
    }
  }
}

type OperatorCommand = Extract<
  Command,
  { kind: 'check' | 'status' | 'setup' | 'checkpoint' | 'script-source' }
>;

/** The same for what an administrator sets up and looks after collection with. */
async function operate(command: OperatorCommand, stderr: ErrorOutput): Promise<number> {
  switch (command.kind) {
    case 'check': {
      const { checkCommand } = await import('./main/check-command.ts');
      return checkCommand(command, stderr, print);
    }
    case 'status': {
      const { statusCommand } = await import('./main/status-command.ts');
      return statusCommand(command, stderr, print);
    }
    case 'setup': {
      const { setupCommand } = await import('./main/setup-command.ts');
      return setupCommand(command, stderr, print);
    }
    case 'checkpoint': {
      const { checkpointCommand } = await import('./main/checkpoint-command.ts');
      return checkpointCommand(command, stderr, print);
    }
    case 'script-source': {
      const { printScriptSource } = await import('./main/script-source-command.ts');
      printScriptSource(command, print);
      return 0;
    }
  }
}

/** Why standard output did not take what was printed, if it did not. */
let refusal: Error | undefined;

/** Writes what a command was asked to say. */
function print(text: string): void {
  if (process.stdout.listenerCount('error') === 0)
    process.stdout.on('error', (error: Error) => {
      refusal ??= error;
    });
  process.stdout.write(text);
}

/** Resolves once all that was printed is out, or the reader has gone, who wanted no more; rejects with an `OutputError` if neither is so. */
async function allPrinted(): Promise<void> {
  if (process.stdout.listenerCount('error') === 0) return;
  await new Promise((resolve) => process.stdout.write('', resolve));
  if (refusal === undefined || ('code' in refusal && refusal.code === 'EPIPE')) return;
  const { printFailure } = await import('./output/output-failure.ts');
  throw printFailure(refusal);
}

/** The same for one line, which the smallest pipe takes at once: without Node's streams, which take longer than all else. */
function printLine(line: string): void {
  try {
    writeSync(1, `${line}\n`);
  } catch {
    print(`${line}\n`);
  }
}
