import { z } from 'zod';
import { selector } from './selector';
import { numberIn } from './values';

const DAY_SECONDS = 86_400;

/** Schema of the rule that says when a message may be shown. All that is present must hold. */
export const where = z.strictObject(
  {
    /** A path, in which `*` stands for anything. */
    page: z.string().startsWith('/', 'must be a path that begins with /').exactOptional(),
    /** The name of an event that the app has tracked since the message was there. */
    event: z.string().exactOptional(),
    /** Seconds since the page was opened. */
    delay: numberIn(0, DAY_SECONDS).exactOptional(),
    /** Percent of the page. */
    scroll: numberIn(0, 100).exactOptional(),
    /** Seconds in which the user did nothing. */
    idle: numberIn(0, DAY_SECONDS).exactOptional(),
    element: selector.exactOptional(),
  },
  'must be fields, such as page: /checkout',
);
