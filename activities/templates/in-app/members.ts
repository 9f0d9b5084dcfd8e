import { z } from 'zod';
import { link } from '../link';
import { choice, integerIn, numberIn } from './values';
import { where } from './where';

const YEAR_SECONDS = 365 * 86_400;

/** Members of every kind, beside `kind`, `title` and `body`. */
export const shared = {
  actionLabel: z.string().exactOptional(),
  url: link.exactOptional(),
  image: z.strictObject({ url: link, alt: z.string() }, 'must have an url and an alt').exactOptional(),
  where: where.exactOptional(),
  /** The higher goes first. */
  priority: numberIn(-1_000, 1_000).exactOptional(),
  /** The person may put the message off for so many seconds. */
  snooze: z
    .strictObject({ label: z.string(), seconds: integerIn(1, YEAR_SECONDS) }, 'must have a label and seconds')
    .exactOptional(),
};

/** The texts of a message that says something. */
export const told = { title: z.string(), body: z.string() };

/** The texts of a message that asks something: its title does. */
export const asked = { title: z.string(), body: z.string().exactOptional() };

/** Preset answers. */
export const answerable = {
  choices: z.array(choice, 'must be a list').min(1, 'must have a choice').exactOptional(),
};

/** From 0 to 1. Only the kind `progress` shows it; templates of other kinds that have it go on working. */
export const part = { progress: numberIn(0, 1).exactOptional() };
