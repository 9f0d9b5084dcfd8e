import type { ChannelSetup } from '../engine/authoring/channel-setup';
import type { EventDefinition } from '../engine/authoring/event';
import type { Journey } from '../engine/authoring/journey';
import type { JsonObject } from '../engine/model/json';
import type { Lifecycle } from '../engine/authoring/lifecycle';
import type { Chats } from '../engine/chats/chat';
import type { Flags } from '../engine/flags/flag';
import type { Policy } from '../engine/policy/define';
import type { Topics } from '../engine/topics/topic';

/*
 * Exports of modules are unknown values. These guards recognize values created by the engine's functions, such as `journey(...)`.
 * Those functions have already validated the content.
 */

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJourney(value: unknown): value is Journey {
  return (
    isObject(value) && typeof value['id'] === 'string' && 'transactional' in value && typeof value['run'] === 'function'
  );
}

export function isLifecycle(value: unknown): value is Lifecycle {
  if (!isObject(value) || typeof value['initial'] !== 'string' || !Array.isArray(value['rules'])) return false;
  return value['rules'].every((rule: unknown) => isObject(rule) && isObject(rule['when']));
}

export function isPolicy(value: unknown): value is Policy {
  return isObject(value) && isObject(value['caps']) && isObject(value['expiryMs']);
}

export function isFlags(value: unknown): value is Flags {
  return isObject(value) && value['kind'] === 'flags' && isObject(value['byName']);
}

export function isChats(value: unknown): value is Chats {
  return isObject(value) && value['kind'] === 'chats' && isObject(value['byName']);
}

export function isChannel(value: unknown): value is ChannelSetup {
  return isObject(value) && value['kind'] === 'channel' && Array.isArray(value['providers']);
}

export function isTopics(value: unknown): value is Topics {
  return isObject(value) && value['kind'] === 'topics' && isObject(value['byName']);
}

export function isTraits(value: unknown): value is JsonObject {
  return isObject(value);
}

export function isEvent(value: unknown): value is EventDefinition<unknown> {
  return isObject(value) && value['kind'] === 'event' && typeof value['name'] === 'string';
}
