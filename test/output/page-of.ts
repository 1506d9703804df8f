import type { LogEvent } from '../../src/domain/page.ts';

/** Events whose lines lie side by side in one buffer, as those of a page do; each line is 100 bytes long. */
export function pageOf(count: number, page = 0): LogEvent[] {
  const lines = Array.from({ length: count }, (_, index) => {
    const head = `{"uuid":"${page}-${index}","padding":"`;
    return `${head.padEnd(97, 'x')}"}\n`;
  });
  const body = new TextEncoder().encode(lines.join(''));
  return lines.map((_, index) => ({
    id: `${page}-${index}`,
    published: undefined,
    line: body.subarray(index * 100, index * 100 + 100),
  }));
}

/** What a reader of whole pages must have got. */
export const textOf = (events: readonly LogEvent[]): string =>
  events.map(({ line }) => Buffer.from(line).toString()).join('');
