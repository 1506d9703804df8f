import { defineConfig } from 'rolldown';
import { builtCommit } from './built-commit.js';
import { leanPackages } from './lean-packages.js';
import { plainAscii } from './plain-ascii.js';
import { wat } from './wat-plugin.js';

const commit = builtCommit();

/** What a scheduled run needs, in one file: each further one is another search, read and compilation. */
const scheduledRun =
  /\/src\/(?:main\/(?:collect-command|tell-failure)|cli\/command-line|output\/error-output)\.ts$/;

/**
 * What users run: a program in plain JavaScript, with what a scheduled run does not need in files of
 * its own. CommonJS, because Node takes it from a code cache and loads it without its loader of modules.
 */
export default defineConfig({
  input: { 'okta-collector': 'src/main.ts' },
  platform: 'node',
  plugins: [wat(), leanPackages(), plainAscii('run')],
  transform: {
    target: 'node20.19',
    define: { BUILT_COMMIT: commit === undefined ? 'undefined' : JSON.stringify(commit) },
  },
  output: {
    dir: 'dist',
    format: 'cjs',
    // Parts of Node that are loaded when they are needed come by require: import would start a loader first.
    dynamicImportInCjs: false,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    cleanDir: true,
    comments: false,
    // Would print the code anew, behind the back of the plugins.
    minify: false,
    codeSplitting: {
      groups: [
        { name: 'version', test: /\/src\/main\/version\.ts$|rolldown\/runtime/, priority: 1 },
        { name: 'run', test: scheduledRun },
      ],
    },
  },
});
