import { signAnswer, signConfirm, signPreferences, signUnsubscribe } from '../../config/tokens';
import { questionContext } from '../../engine/authoring/question';
import { confirmUntil } from '../../engine/model/preferences';
import { knownLanguageOf } from '../../engine/model/localized';
import type { ChannelName } from '../../engine/model/state';
import type { ContentOf, Templates } from '../templates/load';
import type { TemplateContext } from '../../engine/definitions/template-use';
import { TemplateError } from '../templates/template-error';
import type { Delivery, Envelope } from './channel';

/** What every channel needs to render a decided message. */
export interface Rendering {
  readonly templates: Templates;
  readonly publicUrl: string;
  /** Signs the links of messages. */
  readonly secret: string;
}

/** Renders a message and passes it to `send`. A template error suppresses the message, because another attempt would fail as well. */
export async function rendered<Channel extends ChannelName>(
  { templates, publicUrl, secret }: Rendering,
  channel: Channel,
  { id, journey, template, topic, user, event, data, steps, templates: decidedWith = templates }: Envelope,
  send: (content: ContentOf<Channel>, links: TemplateContext['links']) => Promise<Delivery>,
): Promise<Delivery> {
  const token = signUnsubscribe(secret, { userId: user.id, channel, messageId: id, topic });
  const asked = questionContext(data, user.traits, (value) => {
    return `${publicUrl}/a/${signAnswer(secret, { messageId: id, value })}`;
  });
  const asks = confirmUntil(event);
  const links = {
    ...asked.links,
    unsubscribe: `${publicUrl}/u/${token}`,
    // Few templates have it, and each signature costs time.
    get preferences() {
      return `${publicUrl}/p/${signPreferences(secret, user.id)}`;
    },
    ...(asks && { confirm: `${publicUrl}/y/${signConfirm(secret, { userId: user.id, ...asks })}` }),
    app: publicUrl,
  };
  let content: ContentOf<Channel>;
  try {
    const inLanguage = decidedWith.get(journey, channel, template, knownLanguageOf(user.traits));
    content = inLanguage.render({ user, event, data: asked.data, steps, links });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { outcome: 'suppressed', cause: 'template', reason: 'template error', detail: error.message };
  }
  return send(content, links);
}
