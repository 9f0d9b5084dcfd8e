import type { Definitions } from '../../../engine/definitions/definitions';
import type { JourneyReport } from '../../../engine/simulate/journey-report';
import { triggerText } from '../../../engine/user/triggers';
import { flowTitle } from '../format';
import { flowGraph } from './graph';
import { layOut } from './lay-out';
import { flowSvg } from './svg';

/** A journey as inline SVG, and its width in pixels. */
export interface DrawnJourney {
  readonly svg: string;
  readonly width: number;
}

/** Draws a journey with the people that went through it. Returns null for a journey that has no outline. */
export async function diagram(
  report: JourneyReport,
  { journeys, outlines }: Pick<Definitions, 'journeys' | 'outlines'>,
): Promise<DrawnJourney | null> {
  const definition = journeys.find(({ id }) => id === report.journey);
  const outline = outlines.get(report.journey);
  if (!definition || !outline) return null;
  const graph = flowGraph(report, { outline, entersBy: triggerText(definition.enter) });
  const laidOut = await layOut(graph);
  return { svg: flowSvg(laidOut, flowTitle(report.journey)), width: laidOut.width };
}
