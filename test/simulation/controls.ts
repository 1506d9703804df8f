import { deliveryControls } from './delivery-controls.ts';
import { liveControls } from './live-controls.ts';
import type { Control } from './mutation.ts';
import { networkControls } from './network-controls.ts';
import { refusalControls } from './refusal-controls.ts';
import { windowControls } from './window-controls.ts';

/** All deliberate bugs. */
export const controls: readonly Control[] = [
  ...deliveryControls,
  ...liveControls,
  ...refusalControls,
  ...windowControls,
  ...networkControls,
];
