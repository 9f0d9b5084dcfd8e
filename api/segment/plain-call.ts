import { ANY_EVENT_NAME, INTERNAL_PREFIX } from '../../engine/model/activity';
import { isPlaceholder } from './placeholder-id';
import type { CallType } from './schema';

/** Characters that `text` removes, and all others of two halves, such as emoji. */
const UNUSUAL = /[\0\ud800-\udfff]/;
const LONGEST = 200;

/**
 * Whether a call is what nearly all are: valid, with every field as it is to be stored. The schema of its type takes such a call
 * unchanged, so it need not be asked, which takes ten times as long. A call that is not plain may be valid nevertheless.
 */
export function isPlainCall(call: Readonly<Record<string, unknown>>, type: CallType): boolean {
  const { userId, anonymousId, messageId, context } = call;
  return (
    (userId == null ? anonymousId != null : isPlainPerson(userId)) &&
    (anonymousId == null || isPlainPerson(anonymousId)) &&
    (messageId == null || (isPlainId(messageId) && !messageId.startsWith(INTERNAL_PREFIX))) &&
    isObjectOrAbsent(context) &&
    isFlagOrAbsent(context?.['active']) &&
    isFlagOrAbsent(context?.['history']) &&
    context?.['consent'] == null &&
    isPlainContent(call, type)
  );
}

function isPlainContent(call: Readonly<Record<string, unknown>>, type: CallType): boolean {
  switch (type) {
    case 'track':
      return isPlainName(call['event']) && isObjectOrAbsent(call['properties']);
    case 'identify':
      return isObjectOrAbsent(call['traits']);
    case 'page':
    case 'screen':
      return isViewed(call['name']) && isViewed(call['category']) && isObjectOrAbsent(call['properties']);
    case 'group':
      return isPlainId(call['groupId']) && isObjectOrAbsent(call['traits']);
    case 'alias':
      return false;
  }
}

function isFlagOrAbsent(value: unknown): boolean {
  return value == null || typeof value === 'boolean';
}

function isPlainPerson(id: unknown): boolean {
  return isPlainId(id) && !isPlaceholder(id);
}

function isPlainId(id: unknown): id is string {
  return isPlainText(id) && id.trim() !== '';
}

function isPlainName(name: unknown): boolean {
  return isPlainText(name) && name !== ANY_EVENT_NAME && !name.startsWith(INTERNAL_PREFIX);
}

function isViewed(name: unknown): boolean {
  return name == null || isPlainText(name);
}

function isPlainText(text: unknown): text is string {
  return typeof text === 'string' && text.length > 0 && text.length <= LONGEST && !UNUSUAL.test(text);
}

function isObjectOrAbsent(value: unknown): value is Readonly<Record<string, unknown>> | null | undefined {
  return value == null || (typeof value === 'object' && !Array.isArray(value));
}
