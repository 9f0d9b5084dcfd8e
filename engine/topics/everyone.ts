import type { Preferences, TopicOfMessage } from '../model/topic-answer';
import { getOwn } from '../model/own-property';
import type { Topics } from './topic';

/** The answers of somebody who gets every topic. Only topics that people have to ask for need one. */
export function inEveryTopic(topics: Topics | undefined): Preferences {
  const asked = Object.values(topics?.byName ?? {}).filter((topic) => topic.default === 'out');
  return Object.fromEntries(asked.map(({ name }) => [name, { standing: 'in' }]));
}

/** What the policy has to know of a topic. People who have not answered get a topic that nobody declares. */
export function topicOfMessage(topics: Topics | undefined, name: string): TopicOfMessage {
  return { name, default: getOwn(topics?.byName ?? {}, name)?.default ?? 'in' };
}
