import { readFile } from 'node:fs/promises';
import initialize from 'wabt';

/**
 * Lets sources import WebAssembly text: it is assembled while they are bundled, and what is
 * imported is the module's bytes. For rolldown and for vitest.
 * @returns {{ name: string, load(id: string): Promise<{ code: string } | undefined> }}
 */
export function wat() {
  return {
    name: 'wat',
    async load(id) {
      if (!id.endsWith('.wat')) return undefined;
      const wabt = await initialize();
      const module = wabt.parseWat(id, await readFile(id, 'utf8'), { simd: true });
      const bytes = module.toBinary({}).buffer;
      module.destroy();
      return { code: `export default Uint8Array.of(${bytes.join()});` };
    },
  };
}
