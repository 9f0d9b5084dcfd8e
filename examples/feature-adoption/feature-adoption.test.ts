import { dismissed } from 'sojourn';
import { traveller, type Traveller } from 'sojourn/testing';
import { filterUsed, viewSaved } from '../events';
import policy from '../policy';
import featureAdoption from './journey';

/** A person who has used the filter ten times, twice a day. */
async function usedTenTimes(): Promise<Traveller> {
  const ada = traveller(featureAdoption, { with: { policy } });
  for (let time = 1; time <= 10; time++) {
    await ada.track(filterUsed, {});
    if (time < 10) await ada.forward('12 hours');
  }
  return ada;
}

test('one tip, where the filter is used the day after the tenth time', async () => {
  const ada = await usedTenTimes();
  await ada.forward('1 hour');
  await ada.track(filterUsed, {});
  await ada.forward('23 hours');
  expect(ada.messages).toEqual([]);
  await ada.forward('3 hours');
  await ada.track(filterUsed, {});
  expect(ada.messages).toMatchObject([{ step: 'tip', channel: 'inApp', decidedAt: ada.now }]);
});

test('nine times: nothing', async () => {
  const ada = traveller(featureAdoption, { with: { policy } });
  for (let time = 1; time <= 9; time++) await ada.track(filterUsed, {});
  await ada.forward('60 days');
  expect(ada.runs).toEqual([]);
});

test('saved a view an hour after the count: nothing', async () => {
  const ada = await usedTenTimes();
  await ada.forward('1 hour');
  await ada.track(viewSaved, {});
  await ada.forward('2 days');
  await ada.track(filterUsed, {});
  expect(ada.messages).toEqual([]);
});

test('saved a view within the 30 days before the count: nothing, but a view of last year does not count', async () => {
  for (const [before, tips] of [
    ['10 days', 0],
    ['200 days', 1],
  ] as const) {
    const ada = traveller(featureAdoption, { with: { policy } });
    await ada.track(viewSaved, {});
    await ada.forward(before);
    for (let time = 1; time <= 10; time++) await ada.track(filterUsed, {});
    await ada.forward('2 days');
    await ada.track(filterUsed, {});
    expect(ada.messages).toHaveLength(tips);
  }
});

test('tip dismissed: never again', async () => {
  const ada = await usedTenTimes();
  await ada.forward('2 days');
  await ada.track(filterUsed, {});
  await ada.react('tip', dismissed);
  for (let time = 1; time <= 30; time++) {
    await ada.forward('1 day');
    await ada.track(filterUsed, {});
  }
  expect(ada.messages).toHaveLength(1);
});
