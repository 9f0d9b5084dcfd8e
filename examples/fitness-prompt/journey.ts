import { every, journey, type LocalMoment } from 'sojourn';
import { trained } from '../events';

/** Sessions on the same day of the week, at about the same hour, that make it the usual time. */
const USUAL = 3;

/** The earliest hour that is usual on this day of the week; null when none is. */
function usualHour(sessions: readonly { readonly local: LocalMoment }[], today: LocalMoment): number | null {
  const hours = sessions
    .filter(({ local }) => local.weekday === today.weekday)
    .map(({ local: { time } }) => Math.round(Number(time.slice(0, 2)) + Number(time.slice(3)) / 60));
  // The hour before midnight is on another day.
  const usual = hours.filter((hour) => hour > 0 && hours.filter((other) => other === hour).length >= USUAL);
  return usual.length > 0 ? Math.min(...usual) : null;
}

/**
 * On a day of the week that the person usually trains at, an hour before the usual time, if they have not trained that day yet: a
 * session ends the run.
 */
export default journey(
  'fitness-prompt',
  { enter: every({ at: '00:00' }), reenter: 'always', exit: [trained], budget: { messages: 1, within: '1 day' } },
  async (j) => {
    const hour = await j.pick('usual hour', ({ did, local }) =>
      usualHour(did(trained).list({ within: '90 days' }), local),
    );
    if (hour === null) return;
    await j.sleepUntil('an hour before', { between: [`${hour - 1}:00`, `${hour % 24}:00`] });
    await j.send('prompt', { webPush: 'prompt' }, { expires: '1 hour' });
  },
);
