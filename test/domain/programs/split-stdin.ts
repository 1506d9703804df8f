/** Splits the page on standard input, and prints its lines with the identity of each event behind it. */
import { buffer } from 'node:stream/consumers';
import { splitPage } from '../../../src/domain/split-page.ts';

for (const { line, uuid, published } of splitPage(await buffer(process.stdin))) {
  process.stdout.write(`${Buffer.from(line).toString()}${String(uuid)} ${String(published)}\n`);
}
