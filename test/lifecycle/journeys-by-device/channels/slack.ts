import { slack, slackChannel } from 'sojourn';

export default slack({ providers: [slackChannel({ name: 'sales' })] });
