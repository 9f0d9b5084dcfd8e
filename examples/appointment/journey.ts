import { anyOf, journey } from 'sojourn';
import { appointmentBooked, appointmentCancelled, appointmentRescheduled } from '../events';

/** The day before and one hour before. */
export default journey(
  'appointment',
  {
    enter: anyOf(appointmentBooked, appointmentRescheduled),
    reenter: 'restart',
    key: ({ properties }) => properties.appointment,
    exit: [appointmentCancelled],
  },
  async (j) => {
    const { startsAt } = j.event.properties;
    if (await j.sleepUntil('the day before', { before: startsAt, by: '24 hours' }, { ifPast: 'skip' }))
      await j.send('tomorrow', { email: 'tomorrow' });
    if (await j.sleepUntil('one hour before', { before: startsAt, by: '1 hour' }, { ifPast: 'skip' }))
      // Transactional, because an hour before is an hour before, also at night.
      await j.send('in an hour', { webPush: 'in-an-hour', email: 'in-an-hour' }, { transactional: true });
  },
);
