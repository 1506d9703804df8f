import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { loadConfig } from 'rolldown/config';

/** The program as one script, and what went into it. */
export interface ProgramCode {
  readonly text: string;
  /** The files, or names given by the bundler, whose code is in it. */
  readonly modules: readonly string[];
}

/** Bundles the program as it is always bundled, but into one CommonJS script, as a single executable needs it. */
export async function bundleProgram(repository: string): Promise<ProgramCode> {
  const config = await loadConfig(join(repository, 'test/rules/bundle.config.js'));
  if (Array.isArray(config) || typeof config === 'function')
    throw new Error('Cannot build one script: the bundler is told to build several');
  const bundle = await rolldown(config);
  const { output } = await bundle.generate({
    format: 'cjs',
    codeSplitting: false,
    // A single executable has no loader for what is imported later.
    dynamicImportInCjs: false,
    comments: false,
  });
  const [{ code, modules }, ...rest] = output;
  if (rest.length > 0) throw new Error(`Cannot build one script: there are ${rest.length} more`);
  const used = Object.entries(modules).filter(([, { renderedLength }]) => renderedLength > 0);
  return { text: code, modules: used.map(([id]) => id) };
}
