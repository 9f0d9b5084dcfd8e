import type { Person } from './population';
import type { World } from './world';

/** The journey people are entered into by hand, and when, in days from the start of the demo. */
const CAMPAIGN = { journey: 'dormancy', fromDay: 42, days: 7 } as const;
const DAY_MS = 86_400_000;

/** Explains the campaign to the reader of the summary. */
export const CAMPAIGN_STORY =
  'In the seventh week a colleague entered everyone into dormancy by hand, every day. Caps are made for that.';

/**
 * Enters everyone into a journey by hand, every day of a week.
 * @param startsAt start of the demo, epoch milliseconds
 */
export function scheduleCampaign({ agenda, product }: World, people: readonly Person[], startsAt: number): void {
  for (let day = CAMPAIGN.fromDay; day < CAMPAIGN.fromDay + CAMPAIGN.days; day++) {
    agenda.at(startsAt + day * DAY_MS, async () => {
      for (const { id } of people) await product.enter(id, CAMPAIGN.journey);
    });
  }
}
