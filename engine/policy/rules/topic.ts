import { dayAt, startOf } from '../../model/local-day';
import { frequencyOf, leftTopicReasons } from '../../model/preferences';
import { outOfTopic } from '../objection';
import { PASS, type Rule } from '../rule';

/** Local days of which a person who wants a topic weekly gets it on one. */
const WEEK_DAYS = 7;
/** Milliseconds after which no message matters to the rule: a week of local days, in which the zone may have changed. */
export const TOPIC_HORIZON_MS = (WEEK_DAYS + 2) * 86_400_000;

function tooOften(topic: string): string {
  return `${topic} at most weekly`;
}

/**
 * The user gets the topic of the message, also by this channel, and as often as they want: of a weekly topic, at most one message in any
 * seven local days. So a digest on Mondays at 9 comes every Monday, also when the clocks change.
 */
export const TOPIC: Rule = {
  name: 'topic',
  transactional: false,
  concerns: (_policy, _channel, { topic }) => topic !== undefined,
  ask(_policy, { topic, reach, sent, zone, now }, channel) {
    if (!topic) return PASS;
    const left = outOfTopic(reach, topic, channel);
    if (left) return { says: 'refuse', obstacle: left.cause, reason: left.reason };
    if (frequencyOf(reach.topics, topic.name) === 'all') return { says: 'pass', fact: topic.name };
    const days = sent.filter((one) => one.topic === topic.name && !one.transactional).map(({ at }) => dayAt(at, zone));
    const nextDay = Math.max(...days) + WEEK_DAYS;
    if (dayAt(now, zone) >= nextDay) return { says: 'pass', fact: `${topic.name}, weekly` };
    return { says: 'refuse', obstacle: 'cap', reason: tooOften(topic.name), roomAt: startOf(nextDay, zone) };
  },
  reasons: (_policy, channel, { topic }) =>
    topic ? [...leftTopicReasons(topic, [channel]), tooOften(topic.name)] : [],
};
