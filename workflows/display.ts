import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { JOURNEYS, searchableJourneys, STAGE } from './search-attributes';
import type { AdvanceResult } from './types';

/** Number of decisions shown, latest first. Earlier ones are in the history and in the API's timeline. */
const RECENT = 8;

/** What the Temporal UI shows of a user. Search attributes are written only when they change. */
export class Display {
  private stage = workflowInfo().typedSearchAttributes.get(STAGE) ?? '';
  private journeys = workflowInfo().typedSearchAttributes.get(JOURNEYS) ?? [];
  private recent: readonly string[] = [];

  /**
   * Shows the result of an advance. A workflow that ends keeps its last journeys: its status already says that it is in none, and an
   * update would cost the server a write.
   */
  update({ stage, journeys, details, decided, done }: AdvanceResult): void {
    this.recent = [...decided.toReversed(), ...this.recent].slice(0, RECENT);
    setCurrentDetails([details, this.recent.map((line) => `- ${line}`).join('\n')].join('\n\n'));
    const shown = searchableJourneys(journeys);
    const changes = [
      ...(stage !== this.stage ? [{ key: STAGE, value: stage }] : []),
      ...(!done && shown.join() !== this.journeys.join() ? [{ key: JOURNEYS, value: shown }] : []),
    ];
    if (changes.length > 0) upsertSearchAttributes(changes);
    this.stage = stage;
    this.journeys = shown;
  }
}
