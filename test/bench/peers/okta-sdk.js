/** Prints the log of the org given, as the reference client of Okta reads it. */
import process from 'node:process';
import sdk from '@okta/okta-sdk-nodejs';

const orgUrl = process.argv[2] ?? '';
const client = new sdk.Client({ orgUrl, token: 'bench' });
// A bounded request: behind a polling one it asks without end.
const events = await client.systemLogApi.listLogEvents({
  since: '2026-01-01T00:00:00Z',
  until: '2036-01-01T00:00:00Z',
  limit: 1000,
});
await events.each((event) => {
  process.stdout.write(`${JSON.stringify(event)}\n`);
});
