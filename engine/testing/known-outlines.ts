import type { Journey } from '../authoring/journey';
import type { Outline } from '../definitions/definitions';
import { outline } from '../outline/outline';

const outlines = new WeakMap<Journey, Promise<Outline>>();

/** Returns the outline of a journey, which is made once for a test file. That of a journey with a loop takes longer than the test itself. */
export function outlineOf(journey: Journey): Promise<Outline> {
  const known = outlines.get(journey) ?? outline(journey);
  outlines.set(journey, known);
  return known;
}
