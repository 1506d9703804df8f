import type { Finding } from '../domain/finding.ts';

/** All that was found as one JSON object on one line. */
export function checkJson(findings: readonly Finding[], exitCode: number): string {
  return `${JSON.stringify({
    exit_code: exitCode,
    findings: findings.map(({ topic, verdict, text, hint = null, exitCode: code }) => {
      return { topic, verdict, text, hint, exit_code: code };
    }),
  })}\n`;
}
