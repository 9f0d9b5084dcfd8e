import { endpoint, webhook } from 'sojourn';

export default webhook({ providers: [endpoint({ name: 'crm' })] });
