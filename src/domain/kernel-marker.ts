import bytes from './mark-structure.wat';
import type { Marks, Obstacle, StructureMarker } from './structure-marker.ts';
import { PIECE_LENGTH } from './structure-marker.ts';

/** What mark-structure.wat kernel. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly reason: { readonly value: number };
  readonly stop: { readonly value: number };
  reset(): void;
  mark(length: number): number;
}

/** By the kernel's `reason`, less one. */
const OBSTACLES: readonly Obstacle[] = ['misplaced', 'line break in string', 'nested too deeply'];

const BLOCK = 64;
/** Means nothing to the kernel, in a string and outside. */
const FILLER = 0x30;

/**
 * Marks 64 bytes at a time, in mark-structure.wat. A piece is copied to where the kernel can see it,
 * so what it takes of memory does not depend on the page. Throws where there is no WebAssembly with
 * SIMD.
 */
export function createKernelMarker(): StructureMarker {
  const { exports: kernel } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  if (!isKernel(kernel)) throw new TypeError('mark-structure.wat exports something else');
  const { buffer } = kernel.memory;
  const input = new Uint8Array(buffer, 0, PIECE_LENGTH);
  const places = new Int32Array(buffer, PIECE_LENGTH, PIECE_LENGTH);

  return {
    reset() {
      kernel.reset();
    },
    mark(piece): Marks {
      const length = Math.ceil(piece.length / BLOCK) * BLOCK;
      input.set(piece);
      input.fill(FILLER, piece.length, length);
      const count = (kernel.mark(length) - places.byteOffset) / 4;
      const obstacle = OBSTACLES[kernel.reason.value - 1];
      if (obstacle === undefined) return { places, count };
      return { places, count, stop: { at: kernel.stop.value, obstacle } };
    },
  };
}

function isKernel(exports: unknown): exports is Kernel {
  if (typeof exports !== 'object' || exports === null) return false;
  return ['memory', 'reason', 'stop', 'reset', 'mark'].every((name) => name in exports);
}
