import { before, journey, trait } from 'sojourn';

/** 30 and 7 days before a yearly plan renews; for the monthly plan never. */
export default journey('renewal', { enter: before(trait('renewsAt'), '30 days'), reenter: 'restart' }, async (j) => {
  for (const by of ['30 days', '7 days'] as const) {
    if (!(await j.sleepUntil(`${by} before`, { before: trait('renewsAt'), by }, { ifPast: 'skip' }))) continue;
    if (await j.check(`yearly, ${by} before`, ({ user }) => user.traits['plan'] === 'yearly'))
      await j.send(`renews in ${by}`, { email: 'renewal' }, { data: { by } });
  }
});
