import type { Scene } from './scene.ts';

/** Emits something; false if there was nothing to do it with. */
export type Action = (s: Scene) => boolean;

/** Actions of one sort and how often they are chosen. */
export type ActionTable = readonly (readonly [weight: number, action: Action])[];
