import { instant } from '../../../src/domain/time.ts';
import { openStderr } from '../../../src/output/error-output.ts';
import { createLog } from '../../../src/output/log.ts';

/** Logs as a run at a terminal does: `write-log [log file]`. */
const log = createLog({
  file: process.argv[2],
  stateFolder: '/',
  maxBytes: 1e6,
  person: openStderr(),
  level: 'info',
  version: '0.1.0',
  clock: { now: () => instant(0), sleep: () => Promise.resolve() },
});
log.debug('Asked for a page');
log.info('Page delivered', { events: 1000 });
log.error('Cannot read page "1": it is \u001b[31mno JSON\nat all');
