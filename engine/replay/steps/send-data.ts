import type { SendOptions } from '../../authoring/journey';
import type { ForgetAt } from '../../model/forget-at';
import { copiesIn, secretsOf, without } from '../../model/forgetting';
import { contentId } from '../../model/ids';
import { copyOf, type JsonObject } from '../../model/json';
import type { DoneRecord, Message } from '../../model/state';
import type { StepContext } from '../context';
import type { MessageContent } from './step-type';

/** What the message of a step says. A property of the data that has no value is left out of every copy. */
export function contentOf(
  templates: MessageContent['templates'],
  { data = {}, transactional }: Pick<SendOptions, 'data' | 'transactional'>,
): MessageContent {
  return { templates, data: data as JsonObject, transactional };
}

/** The data of a message. */
export interface SendData {
  readonly data: JsonObject;
  readonly forgetAt?: ForgetAt;
  /** Until when it can have all of its data, epoch milliseconds. */
  readonly keptUntil: number;
}

/** Makes the data of a message that is decided now. If it lacks a property that is forgotten by now, the message has expired. */
export function dataOf({ run, journal }: StepContext, { data = {} }: Pick<SendOptions, 'data'>): SendData {
  const copy = copyOf(data) as JsonObject;
  const secrets = secretsOf(run, journal.values());
  const forgetAt = copiesIn(copy, secrets);
  const gone = Object.values(data).includes(undefined) ? secrets.gone : [];
  const keptUntil = Math.min(...Object.values(forgetAt ?? {}), ...gone);
  return { data: copy, ...(forgetAt && { forgetAt }), keptUntil };
}

/** What identifies the content of a message in its record. What is forgotten is left out: it may be gone when it is compared. */
export function fingerprintOf({ template, data, forgetAt = {} }: Message): Pick<DoneRecord, 'content' | 'forgets'> {
  const forgets = Object.keys(forgetAt);
  const content = contentId(template, without(data, forgets));
  return { content, ...(forgets.length > 0 && { forgets }) };
}
