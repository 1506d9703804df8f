import type { Command } from '../cli/command-line.ts';
import { systemClock } from '../clock/system-clock.ts';
import { CheckpointError } from '../domain/failure.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import { checkpointJson, checkpointText } from '../output/checkpoint-text.ts';
import { exportCheckpoint } from '../state/export-checkpoint.ts';
import { lookAtLock } from '../state/look-at-lock.ts';
import { systemDisk } from '../state/system-disk.ts';
import type { ConfiguredStream } from './configured-stream.ts';
import { configuredStream, loadCheckpoint } from './configured-stream.ts';
import { resetCheckpoint, setCheckpoint } from './move-checkpoint.ts';
import { withConfig } from './with-config.ts';

type CheckpointCommand = Extract<Command, { kind: 'checkpoint' }>;

/** Shows or changes where the next run of the configured stream goes on; resolves with the exit code. */
export function checkpointCommand(
  command: CheckpointCommand,
  stderr: ErrorOutput,
  print: (text: string) => void,
): Promise<number> {
  return withConfig(command, stderr, async (config) => {
    print(await perform(command, await configuredStream(config)));
    return 0;
  });
}

/** Does what was asked for and resolves with what is to be said. */
async function perform(command: CheckpointCommand, stream: ConfiguredStream): Promise<string> {
  switch (command.action) {
    case 'show': {
      const { path } = stream;
      const found = await loadCheckpoint(stream);
      const view = { path, found, lock: await lookAtLock(path), now: systemClock.now() };
      return command.json ? checkpointJson(view) : checkpointText(view);
    }
    case 'set':
      return setCheckpoint(stream, command.since);
    case 'reset':
      return resetCheckpoint(stream);
    case 'export':
      return exported(stream);
  }
}

async function exported({ config, path }: ConfiguredStream): Promise<string> {
  const text = await exportCheckpoint(systemDisk, { org: config.org, path });
  if (text !== undefined) return text;
  throw new CheckpointError(`Cannot export the checkpoint "${path}": there is none`, {
    hint: 'A run makes one; SumoJanus needs none to begin with',
  });
}
