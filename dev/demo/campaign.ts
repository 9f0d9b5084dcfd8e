import type { Person } from './population';
import type { World } from './world';

/** Who is let in by hand, where to, and when: days from the beginning. */
const CAMPAIGN = { journey: 'dormancy', fromDay: 42, days: 7 } as const;
const DAY_MS = 86_400_000;

/** What the campaign is, for the reader of its figures. */
export const CAMPAIGN_STORY =
  'In the seventh week an over-eager colleague let everybody enter dormancy by hand, day after day: that is what caps are for.';

/** A colleague who means well: lets everybody enter a journey by hand, every day of a week. */
export function overdoIt({ agenda, product }: World, people: readonly Person[], startsAt: number): void {
  for (let day = CAMPAIGN.fromDay; day < CAMPAIGN.fromDay + CAMPAIGN.days; day++) {
    agenda.at(startsAt + day * DAY_MS, async () => {
      for (const { id } of people) await product.enter(id, CAMPAIGN.journey);
    });
  }
}
