import { journey, trait, yearly } from 'sojourn';

export default journey(
  'birthday',
  { enter: yearly(trait('birthday'), { at: '10:00' }), reenter: 'always' },
  async (j) => {
    await j.award('gift', { points: 50 });
  },
);
