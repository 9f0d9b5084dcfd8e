import { fcm, push } from 'sojourn';

export default push({ providers: [fcm()] });
