/** Prints the log of the org given, as a plain script would: fetch, parse, stringify each event. */
import process from 'node:process';
import { URL } from 'node:url';

const START = '/api/v1/logs?since=2026-01-01T00:00:00Z&limit=1000';

/** @type {string | undefined} */
let link = new URL(START, process.argv[2]).href;
while (link !== undefined) {
  const answer = await globalThis.fetch(link, { headers: { authorization: 'SSWS bench' } });
  /** @type {unknown} */
  const events = await answer.json();
  if (!Array.isArray(events) || events.length === 0) break;
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  await new Promise((resolve) => process.stdout.write(lines, resolve));
  link = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
}
