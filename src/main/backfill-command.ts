import type { BackfillChoice } from '../cli/backfill-options.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import { openProgress } from '../output/open-progress.ts';
import { createProgressScreen } from '../output/progress-screen.ts';
import { realStatePath } from '../state/real-state-path.ts';
import { runBackfill } from './run-backfill.ts';
import { withConfig } from './with-config.ts';

/** Collects a backfill, estimates it, or looks after those that were begun; resolves with the exit code. */
export async function backfillCommand(
  choice: BackfillChoice,
  stderr: ErrorOutput,
  print: (text: string) => void,
): Promise<number> {
  const { task, quiet } = choice;
  const screen = createProgressScreen(stderr);
  return withConfig(choice, screen.stderr, async (chosen, log) => {
    const config = { ...chosen, streamPosPath: await realStatePath(chosen.streamPosPath) };
    if (task.kind === 'list' || task.kind === 'forget') {
      const { forget, list } = await import('./known-backfills.ts');
      await (task.kind === 'list' ? list(config, print) : forget(config, task.id, print));
      return 0;
    }
    if (task.kind === 'estimate') {
      const { printEstimate } = await import('./estimate-backfill.ts');
      await printEstimate(config, task, log, print);
      return 0;
    }
    const isLimited = choice.options['max_runtime_seconds'] !== undefined;
    const shown = quiet ? undefined : screen;
    const progress = await openProgress({ screen: shown, log, clock: systemClock });
    try {
      await runBackfill({ config, task, isLimited, log, progress });
    } finally {
      progress.close();
    }
    return 0;
  });
}
