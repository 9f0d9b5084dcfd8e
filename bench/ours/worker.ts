import { createChannels } from '../../activities/channels';
import { startWorker } from '../../worker';
import { benchChannel } from '../channel';
import { runPart } from '../part';
import { benchConfig } from './config';

runPart(() =>
  startWorker(benchConfig(), {
    channels: (parts) => ({
      ...createChannels(parts),
      email: benchChannel({ ...parts.config, templates: parts.templates }),
    }),
  }),
);
