import { journey, trait, yearly } from 'sojourn';

/** On the day at ten, a small gift; yearly. */
export default journey(
  'birthday',
  { enter: yearly(trait('birthday'), { at: '10:00' }), reenter: 'always' },
  async (j) => {
    await j.award('gift', { points: 50 });
    await j.send('happy birthday', { email: 'happy-birthday', inApp: 'happy-birthday' });
  },
);
