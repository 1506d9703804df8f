import { createKernelMarker } from './kernel-marker.ts';
import { PlainMarker } from './plain-marker.ts';
import type { StructureMarker } from './structure-marker.ts';

let marker: StructureMarker | undefined;

/** The fastest marker that this machine can run, reset; one serves the whole process, one page after the other. */
export function openMarker(): StructureMarker {
  marker ??= createMarker();
  marker.reset();
  return marker;
}

function createMarker(): StructureMarker {
  try {
    return createKernelMarker();
  } catch {
    // A processor without SSE4.1: some virtual machines have the choice of one from before 2008.
    return new PlainMarker();
  }
}
