import { journey } from 'sojourn';
import { flightLanded, gateChanged, passengerRebooked } from '../events';

/** All passengers of a flight, by push, else SMS, within ten seconds, in order. */
export default journey(
  'gate-change',
  {
    enter: gateChanged,
    key: ({ properties }) => properties.flight,
    reenter: 'restart',
    exit: [flightLanded, passengerRebooked],
    transactional: true,
  },
  async (j) => {
    const { flight, departsAt } = j.event.properties;
    const landed = await j.check('landed', ({ did }) => did(flightLanded.where({ flight })).count() > 0);
    if (landed) return j.exit('landed already');
    await j.send('new gate', { webPush: 'new-gate', sms: 'new-gate' });
    await j.sleepUntil('departure', departsAt);
  },
);
