import { activity, anyOf, clicked, inactivity, journey } from 'sojourn';
import type { DoneEvent, LocalMoment } from 'sojourn';
import { mailClicked, pushTapped } from '../events';

/** How each channel says that somebody reacted on it. The channels are in the order in which they are tried without any reaction. */
const REACTIONS = { email: mailClicked, webPush: pushTapped, inApp: clicked } as const;
type Reaction = Pick<DoneEvent, 'name' | 'local'>;
type Channel = keyof typeof REACTIONS;
const CHANNELS = Object.keys(REACTIONS) as Channel[];

/** The channels, the one with the most reactions first, each with the hour of the last one; without any it is ten. */
function bestFirst(reactions: readonly Reaction[]): { channel: Channel; hour: LocalMoment['time'] }[] {
  const on = (channel: Channel) => reactions.filter(({ name }) => name === REACTIONS[channel].name);
  return CHANNELS.toSorted((a, b) => on(b).length - on(a).length).map((channel) => ({
    channel,
    hour: on(channel).at(-1)?.local.time ?? '10:00',
  }));
}

/**
 * Nothing for 60 days: the best channel and hour that this person ever reacted on. After a week another one. After three, quiet for
 * half a year. Any activity ends it.
 */
export default journey(
  'win-back',
  {
    enter: inactivity('60 days'),
    reenter: { after: '200 days' },
    goal: { event: activity, exit: true },
    budget: { messages: 3, within: '180 days' },
  },
  async (j) => {
    // later: best channel and hour are learned
    const best = await j.pick('best first', ({ did }) => bestFirst(did(anyOf(...Object.values(REACTIONS))).list()));
    for (const { channel, hour } of best) {
      await j.sleepUntil(`their hour by ${channel}`, { at: hour });
      await j.send(`come back by ${channel}`, { [channel]: 'come-back' });
      await j.sleep(`a week after ${channel}`, '7 days');
    }
    return j.exit('did not come back');
  },
);
