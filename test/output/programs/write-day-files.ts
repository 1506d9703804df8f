import { instant } from '../../../src/domain/time.ts';
import { isFailure } from '../../../src/domain/failure.ts';
import { exitCodeOf } from '../../../src/domain/exit-code.ts';
import { DayFiles } from '../../../src/output/day-files.ts';
import { notedLog } from '../../support/noted-log.ts';
import { pageOf } from '../page-of.ts';

/** Delivers pages of 100 events, 100 bytes each, as a backfill of one day does: `write-day-files <folder> <first page> <pages> <marks>`. */
const [folder = '', first = '0', pages = '1', marks = '{}'] = process.argv.slice(2);
const window = { since: instant(0), until: instant(86_400_000) };
const org = 'https://acme.okta.com';
const files = new DayFiles({
  folder,
  isCompressed: false,
  backfill: 'one',
  org,
  window,
  log: notedLog(),
});
let saved: unknown = marks;
try {
  const before = JSON.parse(marks) as Readonly<Record<string, number>>;
  await files.resume({ marks: before, deliveredUntil: window.since });
  for (let page = Number(first); page < Number(first) + Number(pages); page++) {
    await files.deliver(pageOf(100, page));
    saved = JSON.stringify(files.marks());
  }
  await files.completeUntil(window.until);
} catch (error) {
  if (!isFailure(error)) throw error;
  process.exitCode = exitCodeOf(error);
  process.stderr.write(`${error.message}\n`);
}
process.stdout.write(String(saved));
