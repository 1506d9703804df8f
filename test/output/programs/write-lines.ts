import type { Log } from '../../../src/domain/log.ts';
import { openStderr } from '../../../src/output/error-output.ts';
import { openStdout } from '../../../src/output/open-stdout.ts';
import { outputFailure } from '../../../src/output/output-failure.ts';
import { createStdoutSink } from '../../../src/output/stdout-sink.ts';
import { pageOf } from '../page-of.ts';

/**
 * Delivers pages as a run does: `write-lines <pages> <events a page> [abandon]`. With `abandon` it
 * gives up on its readers as soon as the first page is on its way.
 */
const [pages = 1, eventsPerPage = 1] = process.argv.slice(2, 4).map(Number);
const givesUp = process.argv[4] === 'abandon';
const stderr = openStderr();
const tell = (message: string): void => {
  stderr.write(`${message}\n`);
};
const log: Log = { debug: tell, info: tell, warn: tell, error: tell };

try {
  const output = openStdout(log);
  const sink = createStdoutSink(output);
  for (let page = 0; page < pages; page++) {
    const delivered = sink.deliver(pageOf(eventsPerPage, page));
    tell(`asked for page ${page}`);
    if (givesUp) {
      setImmediate(() => {
        output.abandon();
      });
    }
    await delivered;
    tell(`delivered page ${page}`);
  }
} catch (error) {
  tell(outputFailure(error).message);
  if (givesUp) stderr.abandon();
  process.exitCode = 74;
}
