import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { JOURNEYS, STAGE } from './search-attributes';
import type { Settled } from './types';

/** What the Temporal UI shows of a user; search attributes are written only when they change. */
export class Display {
  private stage = workflowInfo().typedSearchAttributes.get(STAGE) ?? '';
  private journeys = workflowInfo().typedSearchAttributes.get(JOURNEYS) ?? [];

  /** A workflow that ends keeps its last journeys: it is in none, as its status says, and saying so costs the server a write. */
  update({ stage, journeys, details, done }: Settled): void {
    setCurrentDetails(details);
    const changes = [
      ...(stage !== this.stage ? [{ key: STAGE, value: stage }] : []),
      ...(!done && journeys.join() !== this.journeys.join() ? [{ key: JOURNEYS, value: [...journeys] }] : []),
    ];
    if (changes.length > 0) upsertSearchAttributes(changes);
    this.stage = stage;
    this.journeys = [...journeys];
  }
}
