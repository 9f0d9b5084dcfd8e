import { createChannels } from '../../activities/channels';
import { readConfig } from '../../config/env';
import { startWorker } from '../../worker';
import { benchChannel } from '../channel';
import { runPart } from '../part';

runPart(() =>
  startWorker(readConfig(process.env), {
    channels: (parts) => ({
      ...createChannels(parts),
      email: benchChannel({ ...parts.config, templates: parts.templates }),
    }),
  }),
);
