import { z } from 'zod';
import { activity, anyOf, event } from '../authoring/event';
import { journey, type Journey, type JourneyOptions } from '../authoring/journey';
import { explore } from '../explore';
import { journeyDefinition, type JourneyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import { accountDeleted, signedUp } from '../testing/properties/catalogue';
import { traveller } from '../testing/traveller';
import { milestone, triggerText } from '../user/triggers';

/** Any one of several events can stand wherever one event can. */

const booked = event('Booked', z.object({ appointment: z.string(), room: z.string() }), {
  appointment: 'a-1',
  room: 'blue',
});
const moved = event('Moved', z.object({ appointment: z.string() }), { appointment: 'a-1' });
const cancelled = event('Cancelled', z.object({}), {});

const hourLong = (options: Partial<JourneyOptions>): Journey =>
  journey('appointment', { enter: anyOf(booked, moved), ...options }, (j) => j.sleep('an hour', '1 hour'));

describe('as the trigger', () => {
  it('each of the events lets users enter, and the journey sees which one did', async () => {
    const names: string[] = [];
    const seen = journey('seen', { enter: anyOf(booked, moved), reenter: 'always' }, (j) => {
      names.push(j.event.name === 'Booked' ? `Booked ${j.event.properties.room}` : j.event.name);
      return Promise.resolve();
    });
    const ada = traveller(seen);
    await ada.track(moved, { appointment: 'a-1' });
    await ada.track(booked, { appointment: 'a-1', room: 'red' });
    // Before, the outline has run the code once for each event.
    expect(names).toEqual(['Booked blue', 'Moved', 'Moved', 'Booked red']);
  });

  it('some of the events may be narrowed', async () => {
    const ada = traveller(hourLong({ enter: anyOf(booked.where({ room: 'red' }), moved) }));
    await ada.track(booked, { appointment: 'a-1', room: 'blue' });
    expect(ada.runs).toEqual([]);
    await ada.track(booked, { appointment: 'a-1', room: 'red' });
    expect(ada.runs).toHaveLength(1);
  });

  it('may not contain any activity, nor be empty', () => {
    expect(() => hourLong({ enter: anyOf(booked, activity) })).toThrow('Any activity (*) is not a trigger');
    expect(() => anyOf()).toThrow('anyOf: expected at least one event.');
  });

  it('is explored by each event, with the properties that the code reads', async () => {
    const { paths, defects, enter } = await explore(
      journey('appointment', { enter: anyOf(booked, moved) }, async (j) => {
        if (j.event.name === 'Moved') await j.award('moved', { points: 1 });
        else await j.award(`room ${j.event.properties.room}`, { points: 1 });
      }),
    );
    // What the code compares with is tried as a room too.
    expect({ paths, defects, enter }).toEqual({ paths: 3, defects: [], enter: 'Booked or Moved' });
  });

  it('an event that an edit adds lets users enter from then on', async () => {
    const ada = traveller(hourLong({ enter: booked }));
    await ada.track(moved, { appointment: 'a-1' });
    await ada.deploy(hourLong({}));
    expect(ada.runs).toEqual([]);
    await ada.track(moved, { appointment: 'a-1' });
    expect(ada.runs).toHaveLength(1);
  });

  it('an edit that removes the event by which somebody entered leaves them inside', async () => {
    const ada = traveller(hourLong({}));
    await ada.track(moved, { appointment: 'a-1' });
    await ada.deploy(hourLong({ enter: booked }));
    expect(ada.runs).toMatchObject([{ status: 'active' }]);
  });
});

it('a milestone counts all of the events together', async () => {
  const ada = traveller(
    journey('third', { enter: milestone(anyOf(booked, moved), [3]) }, (j) => j.award('three', { points: 3 })),
  );
  await ada.track(booked, { appointment: 'a-1', room: 'red' });
  await ada.track(moved, { appointment: 'a-1' });
  expect(ada.profile.points).toBe(0);
  await ada.track(booked, { appointment: 'a-2', room: 'red' });
  expect(ada.runs).toMatchObject([{ trigger: { name: 'Booked', properties: { count: 3 } } }]);
  expect(() => milestone(anyOf(booked, booked.where({ room: 'red' })), [1])).toThrow('each name once');
  expect(triggerText(milestone(anyOf(booked, moved), [3]))).toBe('Booked or Moved, times 3');
});

it('a choice among the exits is each of its events', async () => {
  const options = { enter: signedUp, exit: [anyOf(cancelled, booked.where({ room: 'red' })), accountDeleted] };
  const ada = traveller(hourLong(options));
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(booked, { appointment: 'a-1', room: 'blue' });
  expect(ada.runs).toMatchObject([{ status: 'active' }]);
  await ada.track(booked, { appointment: 'a-1', room: 'red' });
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'Booked' }]);
});

describe('as the goal', () => {
  const aiming = (event: NonNullable<JourneyOptions['goal']>['event']): Journey =>
    hourLong({ enter: signedUp, exit: [accountDeleted], goal: { event, exit: true } });

  it.each([
    [anyOf(cancelled, moved), 'Moved', 'completed'],
    [anyOf(moved, cancelled), 'Moved', 'completed'],
    [anyOf(cancelled, moved.where({ appointment: 'a-2' })), 'Moved', 'active'],
    [anyOf(cancelled, activity), 'Moved', 'completed'],
    [anyOf(cancelled, activity), 'Account Deleted', 'exited'],
    [anyOf(accountDeleted, activity), 'Account Deleted', 'exited at the goal'],
  ])('%# any of the events reaches it', async (goal, name, expected) => {
    const ada = traveller(aiming(goal));
    await ada.track(signedUp, { plan: 'free' });
    await ada.track({ ...moved, name }, { appointment: 'a-1' });
    const [run] = ada.runs;
    const atGoal = run?.status === 'exited' && run.goalAt !== null ? ' at the goal' : '';
    expect(`${run?.status}${atGoal}`).toBe(expected);
  });

  it('is walked by each event', async () => {
    const { paths, left, withoutGoal } = await explore(aiming(anyOf(cancelled, moved)));
    expect({ paths, left, withoutGoal }).toEqual({ paths: 3, left: 1, withoutGoal: 1 });
  });
});

it('is written as a list in a journey made of data', async () => {
  const definition = (change: Partial<JourneyDefinition> = {}): JourneyDefinition =>
    journeyDefinition.parse({
      enter: { kind: 'event', event: ['Booked', { event: 'Moved', where: { appointment: 'a-2' } }] },
      goal: { event: ['Cancelled', '*'], exit: true },
      steps: [{ kind: 'sleep', step: 'an hour', duration: '1 hour' }],
      ...change,
    });
  const catalogue = new Map([booked, moved, cancelled].map((one) => [one.name, one]));
  const ada = traveller(toJourney('appointment', definition(), catalogue));
  await ada.track(moved, { appointment: 'a-1' });
  expect(ada.runs).toEqual([]);
  await ada.track(moved, { appointment: 'a-2' });
  expect(ada.runs).toMatchObject([{ status: 'active', trigger: { name: 'Moved' } }]);
  await ada.track(cancelled, {});
  expect(ada.runs).toMatchObject([{ status: 'completed', endedBy: 'goal' }]);

  const counted = definition({ enter: { kind: 'milestone', event: ['Booked', 'Moved'], counts: [2] } });
  const bob = traveller(toJourney('appointment', counted, catalogue));
  await bob.track(moved, { appointment: 'a-1' });
  await bob.track(booked, { appointment: 'a-1', room: 'red' });
  expect(bob.runs).toMatchObject([{ trigger: { name: 'Booked', properties: { count: 2 } } }]);
});
