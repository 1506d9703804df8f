import type { Config } from '../config/config.ts';
import type { Checkpoint, LoadedCheckpoint } from '../domain/checkpoint.ts';
import { realStatePath } from '../state/real-state-path.ts';
import { windowPath } from '../state/window-checkpoint.ts';
import { liveCheckpoints, windowCheckpoints } from './world.ts';

/** The stream that a configuration is about: the live one, or a window. */
export interface ConfiguredStream {
  readonly config: Config;
  /** The real path of its checkpoint file. */
  readonly path: string;
}

/** Finds the file of the configured stream; rejects with a `CheckpointError` if there is no such folder. */
export async function configuredStream(chosen: Config): Promise<ConfiguredStream> {
  const config = { ...chosen, streamPosPath: await realStatePath(chosen.streamPosPath) };
  const { window, streamPosPath } = config;
  return {
    config,
    path: window === undefined ? streamPosPath : windowPath(streamPosPath, window),
  };
}

/** The checkpoint as a run would find it; rejects with a `CheckpointError` if it cannot be trusted. */
export function loadCheckpoint({
  config,
}: ConfiguredStream): Promise<LoadedCheckpoint<Checkpoint> | undefined> {
  return config.window === undefined
    ? liveCheckpoints(config).load()
    : windowCheckpoints(config, config.window).load();
}
