import type { Chosen } from '../model/preferences';
import type { TopicAnswer } from '../model/topic-answer';
import type { MemoryHost } from './memory-host';

/** Records what the person of a test answers about a topic, and tells them the events. `at` is epoch milliseconds. */
export async function answerTopic(
  host: MemoryHost,
  topic: string,
  at: number,
  answer: (before: TopicAnswer | undefined) => Chosen,
): Promise<void> {
  const chosen = answer(host.state.reach.topics?.[topic]);
  if (chosen.events.length === 0) return;
  host.answerTopic(topic, chosen.answer);
  const id = `topic ${host.decisions.length} ${at} ${topic}`;
  const told = chosen.events.map((event, index) => {
    return { ...event, id: `${id} ${index}`, at, receivedAt: at, active: false };
  });
  await host.take(told, at);
}
