import { email, postmark, smtp } from 'sojourn';

export default email({ providers: [postmark(), smtp({ weight: 0 })] });
