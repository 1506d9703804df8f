import { defineConfig } from 'rolldown';

/** What users run: one program in plain JavaScript, with what a scheduled run does not need in files of its own. */
export default defineConfig({
  input: { 'okta-collector': 'src/main.ts' },
  platform: 'node',
  transform: { target: 'node20.19' },
  output: { dir: 'dist', format: 'esm', cleanDir: true, comments: false },
});
