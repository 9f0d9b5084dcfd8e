/** What each kind of entry is called, and how it is said. */
const KINDS = {
  event: ({ what }) => ['Event', what],
  stage: ({ what }) => ['Stage', what],
  entered: ({ what }) => ['Entered', what],
  refused: ({ what }) => ['Not entered', what],
  step: ({ what, details }) => [details.status === 'waiting' ? 'Waiting' : 'Step', what],
  failure: ({ what }) => ['Failed', what],
  message: ({ what, details }) => ['Message', `${details.step}: ${what} by ${details.channel}`],
  goal: ({ what }) => ['Goal', what],
  ended: ({ what }) => ['Ended', what],
};

/** A decision can follow an event without anything to show in the app, such as a wait that begins. Real milliseconds. */
const ONCE_MORE_AFTER = 1_500;

/**
 * Shows the timeline of the person, newest first.
 * @param token returns the present token of the person
 * @returns a function that reads it anew, now and once more a little later; `stop` ends that
 */
export function showDecisions(token) {
  let timer;
  let stopped = false;
  let reading = false;
  let again = false;

  async function read() {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      do {
        again = false;
        const answer = await fetch('demo/timeline', { headers: { Authorization: `Bearer ${token()}` } });
        const { entries } = answer.ok ? await answer.json() : { entries: null };
        if (entries && !stopped) document.querySelector('#decisions').replaceChildren(...entries.map(row));
      } while (again && !stopped);
    } catch {
      // The network is away. The next change of the state reads again.
    } finally {
      reading = false;
    }
  }

  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(read, ONCE_MORE_AFTER);
    void read();
  };
  refresh.stop = () => {
    stopped = true;
    clearTimeout(timer);
  };
  return refresh;
}

function row(entry) {
  const { at, kind, reason, details } = entry;
  const [name, what] = KINDS[kind](entry);
  const made = document.createElement('li');
  made.className = kind;
  const time = element('time', timeText(new Date(at)));
  time.dateTime = at;
  time.title = new Date(at).toLocaleString();
  const of = kind === 'step' || kind === 'message' ? details.journey : null;
  made.append(
    element('span', name, 'kind'),
    time,
    element('strong', what),
    // Of an event, the reason is only its type.
    element('span', kind === 'event' ? '' : [of, reason].filter(Boolean).join(' · '), 'why'),
  );
  return made;
}

/** The time, with the day unless that is today: a clock that runs fast is soon days ahead. */
function timeText(at) {
  if (at.toDateString() === new Date().toDateString()) return at.toLocaleTimeString();
  return at.toLocaleString(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}

function element(tag, text, className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}
