import { z } from 'zod';
import { toMs, type Duration } from '../model/duration';
import { localizedText } from '../model/localized';
import { placeOf } from '../model/place-of';

/** The form of the names of chats, roles and phrases: they are parts of addresses, which clients write without encoding them. */
export const CHAT_NAME = /^[\w.-]{1,100}$/;

/** The fewest and the most roles of a chat. */
const FEWEST_ROLES = 2;
export const MOST_ROLES = 10;
const MOST_PHRASES = 50;
/** The most characters of a label and of a phrase. */
const LABEL_LENGTH = 40;
const PHRASE_LENGTH = 200;

/** The most characters of a text that somebody writes, and of a report. */
export const TEXT_LENGTH = 1_000;
/** The most characters of the name that the others see. */
export const NAME_LENGTH = 40;

const NAMED = 'must have names of 1 to 100 letters, digits, dots, hyphens or underscores';

/** An object of values by their names. */
function byName<Value extends z.ZodType>(value: Value, expected: string): z.ZodType<Record<string, z.output<Value>>> {
  return z
    .record(z.string(), value, expected)
    .refine((given) => Object.keys(given).every((name) => CHAT_NAME.test(name)), NAMED);
}

const role = z.strictObject({
  label: localizedText(LABEL_LENGTH),
  phrases: byName(localizedText(PHRASE_LENGTH), 'must be an object of phrases')
    .refine((given) => Object.keys(given).length <= MOST_PHRASES, `must not have more than ${MOST_PHRASES} phrases`)
    .default({}),
});

const keep = z
  .custom<Duration>((given) => typeof given === 'string', 'must be a duration, such as "30 days"')
  .transform((given, context) => {
    try {
      const ms = toMs(given);
      if (ms > 0) return ms;
      context.addIssue('must be more than no time');
    } catch (error) {
      context.addIssue((error as Error).message);
    }
    return z.NEVER;
  });

const ROLES = `must have ${FEWEST_ROLES} to ${MOST_ROLES} roles`;

const chat = z.strictObject({
  roles: byName(role, 'must be an object of roles').refine((given) => {
    const count = Object.keys(given).length;
    return count >= FEWEST_ROLES && count <= MOST_ROLES;
  }, ROLES),
  text: z.boolean('must be true or false').default(false),
  keep: keep.default(toMs('30 days')),
});

/** A chat as the schema reads it. */
export type ReadChat = z.infer<typeof chat>;

/**
 * Reads what an author says of a chat.
 * @returns the chat, or what is wrong with it: the place and what was expected, such as `roles.courier.label: must be a text`
 */
export function readChat(given: unknown): { readonly chat: ReadChat } | { readonly mistake: string } {
  const { data, error } = chat.safeParse(given);
  if (data) return { chat: data };
  const [issue] = error.issues;
  return { mistake: `${placeOf(issue?.path ?? [])}${issue?.message ?? ''}` };
}
