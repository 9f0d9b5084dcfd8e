import { sms, twilioSms } from 'sojourn';

export default sms({ providers: [twilioSms()] });
