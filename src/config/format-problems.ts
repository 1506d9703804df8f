import type { ConfigProblem } from '../domain/failure.ts';

/** The problems for a person at a terminal: numbered, each on a few lines. */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  return problems
    .map((problem, index) => {
      const source = problem.source === undefined ? [] : [`   at ${visible(problem.source)}`];
      return [`${index + 1}. ${statementOf(problem)}`, ...source, `   ${visible(problem.remedy)}`];
    })
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The problems on a single line, for a reader that takes each line as a message of its own. */
export function formatProblemsOnOneLine(problems: readonly ConfigProblem[]): string {
  return problems
    .map((problem) => {
      const source = problem.source === undefined ? '' : ` (${visible(problem.source)})`;
      return `${statementOf(problem)}${source}: ${visible(problem.remedy)}`;
    })
    .join('; ');
}

/** What is wrong, as one statement: `okta_org_url "acme" does not start with https://`. */
export function statementOf({ key, value, reason }: ConfigProblem): string {
  return visible(value === undefined ? `${key} ${reason}` : `${key} "${clip(value)}" ${reason}`);
}

function clip(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** Control characters and line separators as `\u000a`, so that no value can forge a line or a colour. */
function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
