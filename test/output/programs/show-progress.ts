import { stopSignal } from '../../../src/clock/stop-signal.ts';
import { systemClock } from '../../../src/clock/system-clock.ts';
import { milliseconds } from '../../../src/domain/time.ts';
import { openStderr } from '../../../src/output/error-output.ts';
import { createLog } from '../../../src/output/log.ts';
import { openProgress } from '../../../src/output/open-progress.ts';
import { createProgressScreen } from '../../../src/output/progress-screen.ts';

/** Makes progress at a terminal, and logs now and then: `show-progress <steps> <milliseconds a step> [step of its interruption]`. */
const [steps = 10, pause = 10, interruption] = process.argv.slice(2).map(Number);
const clock = systemClock;
const screen = createProgressScreen(openStderr());
const person = screen.stderr;
const log = createLog({
  file: undefined,
  stateFolder: '/',
  maxBytes: 1e6,
  person,
  level: 'info',
  version: '0',
  clock,
});
const progress = await openProgress({ screen, log, clock });
const stop = stopSignal(undefined, clock);
for (let step = 0; step <= steps && !stop.signal.aborted; step += 1) {
  const limit = { limit: 60, remaining: 60 - (step % 50) };
  progress.show({ covered: step / steps, events: step * 1000, requests: step, limit });
  if (step === interruption) process.kill(process.pid, 'SIGINT');
  if (step % 7 === 3) log.warn('A line that is longer than a narrow terminal is wide', { step });
  await clock.sleep(milliseconds(pause), new AbortController().signal);
}
stop.cancel();
progress.close();
log.info('Done');
