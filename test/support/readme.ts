import { readFile } from 'node:fs/promises';

const README = new URL('../../README.md', import.meta.url);

/** The code blocks below a heading of the README, up to the next heading, set out to the left. Throws if there are none. */
export async function codeBelow(heading: string): Promise<readonly string[]> {
  const text = await readFile(README, 'utf8');
  const [, below = ''] = text.split(new RegExp(`^##+ ${heading}$`, 'mu'));
  const [chapter = ''] = below.split(/^##+ /mu);
  const blocks = [...chapter.matchAll(/^( *)```\w*\n(.*?)^ *```$/gmsu)].map(
    ([, indent = '', code = '']) => code.replaceAll(new RegExp(`^${indent}`, 'gmu'), ''),
  );
  if (blocks.length === 0) throw new Error(`no code below "${heading}" in the README`);
  return blocks;
}
