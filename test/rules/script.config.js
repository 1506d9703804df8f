import { defineConfig } from 'rolldown';
import { wat } from './wat-plugin.js';

/** Programs of the tests and benchmarks: one each, named on the command line. */
export default defineConfig({ platform: 'node', plugins: [wat()] });
