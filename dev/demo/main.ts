import { resolve } from 'node:path';
import { report, runInForeground } from '../foreground';
import { board } from './board';
import { live } from './run';
import { createScreen } from './screen';
import { summary } from './summary';

const FOLDER = resolve('.sojourn', 'demo');
const PEOPLE = 60;
const DAYS = 60;

// `npm run demo`: sixty people live sixty days on the stack of `npm start`, in a few minutes.
runInForeground(async (teardown) => {
  const screen = createScreen(process.stdout);
  const lived = await live(teardown, {
    folder: FOLDER,
    size: PEOPLE,
    days: DAYS,
    report,
    watch: (frame) => screen.show(board(frame)),
  });
  console.log(`\n${await summary(lived)}`);
  const stays = process.stdout.isTTY && !process.argv.includes('--exit');
  if (stays) console.log('Time goes at its usual pace now. Ctrl-C stops everything; the next demo begins anew.');
  return stays ? 'stay' : 'done';
});
