import fc from 'fast-check';
import { z } from 'zod';
import { advance } from '../advance/advance';
import { event, type OccurrenceOf } from '../authoring/event';
import { journey, type Steps } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { explore } from '../explore';
import { forgetInRun } from '../model/forgetting';
import { compile } from '../outline/compile';
import { policy } from '../policy/define';
import { MemoryHost } from '../testing/memory-host';
import { traveller } from '../testing/traveller';
import { manual } from '../user/triggers';

/** Properties that an event forgets after a time; see `docs/semantics.md`. */

const LINK = 'https://example.com/reset/7';
const HOUR = 3_600_000;
const START = Date.parse('2026-01-05T12:00:00Z');
const requested = event(
  'Password Reset Requested',
  z.looseObject({ request: z.string(), link: z.string() }),
  { request: 'R-1', link: LINK },
  { forget: { link: '1 hour' } },
);
const changed = event('Password Changed', z.object({}), {});
const rules = { lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy({ quietHours: null }), traits: {} };
const reset = (run: (j: Steps<OccurrenceOf<typeof requested>>) => Promise<void>, enter = requested) =>
  journey('reset', { enter }, run);
const given = { request: 'R-1', link: LINK };

/** Everything that is known of a traveller, as text. */
const known = ({ runs, messages, held, suppressed }: ReturnType<typeof traveller>): string =>
  JSON.stringify([runs, messages, held, suppressed]);

describe('what is forgotten', () => {
  test('code reads the property for as long as it is kept, and undefined afterwards', async () => {
    const ada = traveller(
      reset(async (j) => {
        const { link = 'gone' } = j.event.properties;
        await j.sleep('an hour', '1 hour');
        await j.flag('then', 'then', link.length);
        await j.sleep('a moment', '1 millisecond');
        await j.flag('after', 'after', link);
      }),
    );
    await ada.track(requested, given);
    await ada.forward('1 hour');
    expect(ada.runs[0]?.trigger.properties).toEqual(given);
    await ada.forward('1 millisecond');
    expect(ada.profile.flags).toEqual({ then: LINK.length, after: 'gone' });
    expect(ada.runs[0]?.trigger.properties).toEqual({ request: 'R-1' });
  });

  test('a property may have a name that every object has', async () => {
    const named = event(
      'Named',
      z.looseObject({ constructor: z.string() }),
      { constructor: LINK },
      { forget: { constructor: '1 hour' } },
    );
    const keepsNamed = journey('named', { enter: named }, (j) => j.sleep('a day', '1 day'));
    const { forget } = await compile({ ...rules, journeys: [keepsNamed], events: [named] });
    expect(forget.get('Named')).toEqual({ constructor: HOUR });
    const ada = traveller(keepsNamed);
    await ada.track(named, { constructor: LINK });
    expect(known(ada)).toContain(LINK);
    await ada.forward('2 hours');
    expect(known(ada)).not.toContain(LINK);
  });

  test('the time counts from when the event was received, not from when it happened', async () => {
    const ada = traveller(reset((j) => j.sleep('a day', '1 day')));
    await ada.track(requested, given, { ago: '50 minutes' });
    await ada.forward('59 minutes');
    expect(known(ada)).toContain(LINK);
    await ada.forward('2 minutes');
    expect(known(ada)).not.toContain(LINK);
  });

  test('an event that ended a wait or was collected is forgotten as well', async () => {
    const ada = traveller(
      journey('other', { enter: changed }, async (j) => {
        await j.waitFor('reset', requested);
        await j.collect('more', requested, { for: '5 minutes' });
        await j.sleep('a day', '1 day');
      }),
    );
    await ada.track(changed, {});
    await ada.track(requested, given);
    await ada.track(requested, given);
    await ada.forward('10 minutes');
    expect(known(ada).split(LINK)).toHaveLength(3);
    await ada.forward('51 minutes');
    expect(known(ada)).not.toContain(LINK);
    expect(ada.journal.map(({ outcome }) => outcome)).toMatchObject([
      { properties: { request: 'R-1' } },
      [{ properties: { request: 'R-1' } }],
      undefined,
    ]);
  });

  test('facts that support reads never have it', async () => {
    const ada = traveller(
      reset(async (j) => {
        await j.check('had one', ({ did }) => did(requested).last?.properties['link'] === LINK);
        await j.sleep('a day', '1 day');
      }),
    );
    await ada.track(requested, given);
    const [check] = ada.journal;
    expect(check).toMatchObject({ outcome: true });
    expect(JSON.stringify(check)).not.toContain(LINK);
  });

  test('of several properties each has its own time', async () => {
    const both = event(
      'Code Sent',
      z.object({ code: z.string(), link: z.string() }),
      { code: '1234', link: LINK },
      { forget: { code: '10 minutes', link: '1 hour' } },
    );
    const ada = traveller(journey('code', { enter: both }, (j) => j.sleep('a day', '1 day')));
    await ada.track(both, { code: '1234', link: LINK });
    await ada.forward('11 minutes');
    expect(ada.runs[0]?.trigger.properties).toEqual({ link: LINK });
    await ada.forward('50 minutes');
    expect(ada.runs[0]?.trigger.properties).toEqual({});
  });

  test('an event can only forget what its example has', () => {
    const declare = (): unknown => event('A', z.object({}), {}, { forget: { link: '1 hour' } });
    expect(declare).toThrow("The example of event 'A' has no property 'link', which it forgets.");
  });
});

describe('copies', () => {
  test('data with the property, within a text too, is forgotten with it, and the message expires with it', async () => {
    const ada = traveller(
      reset(async (j) => {
        const { link, request } = j.event.properties;
        await j.send(
          'link',
          { email: 'link' },
          { data: { text: `Go to ${link}`, nested: [{ link: link ?? '' }], request } },
        );
        await j.sleep('a day', '1 day');
      }),
      { with: rules },
    );
    await ada.track(requested, given);
    expect(ada.messages).toMatchObject([{ expiresAt: START + HOUR, data: { text: `Go to ${LINK}` } }]);
    await ada.forward('61 minutes');
    expect(ada.messages.map(({ data }) => data)).toEqual([{}]);
  });

  test('a shorter expiry holds', async () => {
    const ada = traveller(
      reset(async (j) => {
        await j.send('link', { email: 'link' }, { data: { link: j.event.properties.link }, expires: '5 minutes' });
      }),
    );
    await ada.track(requested, given);
    expect(ada.messages).toMatchObject([{ expiresAt: START + 300_000 }]);
  });

  test('a message that quiet hours would hold for longer is not sent', async () => {
    const ada = traveller(
      reset(async (j) => {
        await j.send('link', { email: 'link' }, { data: { link: j.event.properties.link } });
      }),
      { at: '2026-01-05T23:00:00Z' },
    );
    await ada.track(requested, given);
    expect(ada.suppressed).toMatchObject([{ reason: 'expires in quiet hours' }]);
  });

  test('a message without what is forgotten by then has expired', async () => {
    const ada = traveller(
      reset(async (j) => {
        await j.sleep('two hours', '2 hours');
        await j.send('link', { email: 'link' }, { data: { link: j.event.properties.link } });
        await j.send('help', { email: 'help' });
      }),
      { with: rules },
    );
    await ada.track(requested, given);
    await ada.forward('2 hours');
    expect(ada.suppressed).toMatchObject([{ step: 'link', cause: 'expired' }]);
    expect(ada.messages).toMatchObject([{ step: 'help' }]);
  });

  test('what another journey is started with, and an event for the user, are forgotten at the same time', async () => {
    const told = event('Told', z.looseObject({ about: z.string() }), { about: 'x' });
    const ada = traveller(
      [
        reset(async (j) => {
          const about = j.event.properties.link ?? '';
          await j.sleep('a while', '30 minutes');
          await j.start('start', 'started', { data: { about } });
          await j.track('tell', { userId: 'ada' }, told, { about });
        }),
        journey('started', { enter: manual() }, (j) => j.sleep('a day', '1 day')),
        journey('told', { enter: told }, (j) => j.sleep('a day', '1 day')),
      ],
      { id: 'ada' },
    );
    await ada.track(requested, given);
    await ada.forward('31 minutes');
    expect(known(ada).split(LINK)).toHaveLength(4);
    await ada.forward('30 minutes');
    expect(ada.runs).toHaveLength(3);
    expect(known(ada)).not.toContain(LINK);
  });

  test('templates read it by the data of their message only', async () => {
    const seen: unknown[] = [];
    const ada = traveller(
      reset(async (j) => {
        await j.waitFor('again', requested);
        await j.send('link', { email: 'link' }, { data: { link: j.event.properties.link } });
      }),
      {
        with: rules,
        templates: Promise.resolve(({ context: { event: shown, steps, data } }) => {
          seen.push(shown.properties, steps, data);
          return {};
        }),
      },
    );
    await ada.track(requested, given);
    await ada.track(requested, given);
    expect(seen).toMatchObject([
      { request: 'R-1' },
      { again: { name: requested.name, properties: { request: 'R-1' } } },
      { link: LINK },
    ]);
    expect(JSON.stringify(seen.slice(0, 2))).not.toContain(LINK);
  });
});

describe('replay', () => {
  test('a run that is open when its property is forgotten goes on, and what was decided stays', async () => {
    const ada = traveller(
      reset(async (j) => {
        const { link } = j.event.properties;
        const long = await j.check('long', () => (link ?? '').length > 5);
        await j.send('link', { email: 'link' }, { data: { link } });
        const done = await j.waitFor('changed', changed, { within: '2 hours' });
        if (long && !done) await j.send('help', { email: 'help' });
        await j.waitFor('changed at last', changed);
      }),
      { with: rules },
    );
    await ada.track(requested, given);
    await ada.forward('3 hours');
    expect(ada.runs).toMatchObject([{ status: 'active', failure: null }]);
    expect(ada.messages.map(({ step }) => step)).toEqual(['link', 'help']);
    await ada.track(changed, {});
    expect(ada.runs).toMatchObject([{ status: 'completed' }]);
    expect(ada.journal).toMatchObject([{ outcome: true }, {}, { outcome: null }, {}, {}]);
  });

  test('a message is recognized under a new name, although what it said is forgotten', async () => {
    const mailing = (step: string) =>
      reset(async (j) => {
        await j.send(step, { email: 'link' }, { data: { link: `to ${j.event.properties.link}`, request: 'R-1' } });
        await j.sleep('a day', '1 day');
      });
    const ada = traveller(mailing('link'), { with: rules });
    await ada.track(requested, given);
    await ada.forward('2 hours');
    await ada.deploy(mailing('the link'));
    expect(ada.messages).toHaveLength(1);
    expect(ada.why('the link')).toContain('renamed');
  });

  test('explore finds code that relies on what is forgotten', async () => {
    const careless = reset(async (j) => {
      const { link } = j.event.properties as { link: string };
      await j.sleep('a day', '1 day');
      await j.flag('token', 'token', link.slice(-1));
    });
    const { defects } = await explore(careless, { with: rules, checkTemplate: () => [] });
    expect(JSON.stringify(defects)).toContain('undefined');
  });

  test('an edit changes the time for events that are received from then on', async () => {
    const longer = event(requested.name, z.looseObject({ request: z.string(), link: z.string() }), given, {
      forget: { link: '1 day' },
    });
    const ada = traveller(
      journey('reset', { enter: requested, reenter: 'restart' }, (j) => j.sleep('a week', '7 days')),
    );
    await ada.track(requested, given);
    await ada.deploy(journey('reset', { enter: longer, reenter: 'restart' }, (j) => j.sleep('a week', '7 days')));
    await ada.forward('2 hours');
    expect(known(ada)).not.toContain(LINK);
    await ada.track(longer, given);
    await ada.forward('2 hours');
    expect(known(ada)).toContain(LINK);
  });

  test('it makes no difference when the engine decides, unless the property is gone by then', async () => {
    const definitions = await compile({
      ...rules,
      journeys: [
        reset(async (j) => {
          await j.send('link', { email: 'link' }, { data: { link: j.event.properties.link } });
          await j.waitFor('changed', changed, { within: '3 hours' });
          await j.send('help', { email: 'help' });
        }),
      ],
    });
    const minute = fc.integer({ min: 0, max: 300 });
    await fc.assert(
      fc.asyncProperty(fc.array(minute, { maxLength: 8 }), async (minutes) => {
        const host = new MemoryHost({ id: 'ada', traits: {}, reachable: ['email'], createdAt: START }, definitions);
        await host.receive(requested.name, given, START);
        for (const at of [...minutes, 400].sort((a, b) => a - b)) await host.decide(START + at * 60_000);
        const [link, help] = [...host.messages.values()];
        expect([link?.step, link?.status, help?.step, help?.status]).toEqual(['link', 'queued', 'help', 'queued']);
        expect(JSON.stringify(host.state)).not.toContain(LINK);
      }),
    );
  });

  test('a worker that decides late sends no link that is gone', async () => {
    const definitions = await compile({
      ...rules,
      journeys: [
        reset(async (j) => {
          await j.send('link', { email: 'link' }, { data: { link: j.event.properties.link } });
        }),
      ],
    });
    const host = new MemoryHost({ id: 'ada', traits: {}, reachable: ['email'], createdAt: START }, definitions);
    const forgetAt = { link: START + HOUR };
    const pending = { id: '1', name: requested.name, at: START, receivedAt: START, forgetAt, pending: true };
    for (const properties of [given, { request: 'R-1' }]) {
      const history = { ...host.state.history, events: [{ ...pending, properties }] };
      const advanced = await advance({ ...host.state, history }, START + 2 * HOUR, definitions);
      expect(advanced).toMatchObject({ effects: { messages: [{ status: 'suppressed', cause: 'expired', data: {} }] } });
    }
  });
});

test('a run without anything to forget is left as it is', async () => {
  const ada = traveller(reset((j) => j.sleep('a day', '1 day')));
  await ada.track(requested, given);
  const [run] = ada.runs;
  expect(run && forgetInRun(run, START + HOUR)).toBe(run);
});
