import type { Finding } from '../domain/finding.ts';
import { printable } from './printable.ts';
import { wrap } from './wrap.ts';

const MARKS: Readonly<Record<Finding['verdict'], string>> = {
  works: '✓',
  remark: '!',
  fault: '✗',
  unknown: '-',
};
const TOPIC_WIDTH = 15;

/** What was found for a person, at most 80 columns wide, and what to do about it behind an arrow. */
export function findingText({ topic, verdict, text, hint }: Finding): string {
  const start = `${MARKS[verdict]} ${topic.padEnd(TOPIC_WIDTH)}`;
  const indent = start.length;
  const lines = [wrap(start, printable(text), indent)];
  if (hint !== undefined) lines.push(wrap(`${' '.repeat(indent)}→ `, printable(hint), indent + 2));
  return `${lines.join('\n')}\n`;
}
