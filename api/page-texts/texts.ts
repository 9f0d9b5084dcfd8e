import type { ChannelName } from '../../engine/model/channels';
import type { Frequency } from '../../engine/model/topic-answer';

/** A text for each channel that people call by a name of its own, and one for the others. */
type OfChannel = Readonly<Partial<Record<ChannelName, string>> & { others: string }>;

/** Chooses the text of a channel. */
export function ofChannel(texts: OfChannel, channel: ChannelName): string {
  return texts[channel] ?? texts.others;
}

/** What the pages say that a link in a message opens. */
export interface PageTexts {
  readonly notValid: { readonly title: string; readonly text: string };
  readonly closed: { readonly title: string; readonly text: string };
  readonly unsubscribe: {
    readonly title: string;
    readonly question: OfChannel;
    readonly button: string;
    readonly done: string;
    readonly more: OfChannel;
    /** Of a link in a message with a topic, by the title of the topic. */
    readonly ofTopic: {
      question(topic: string): string;
      more(topic: string): string;
      /** The button that unsubscribes from the whole channel. */
      readonly all: OfChannel;
      /** The link to the preference page. */
      readonly choose: string;
    };
  };
  readonly preferences: {
    readonly title: string;
    readonly saved: string;
    readonly topics: string;
    /** The box of a topic without a choice of channels. */
    readonly subscribed: string;
    readonly by: OfChannel;
    readonly howOften: string;
    readonly frequencies: Readonly<Record<Frequency, string>>;
    readonly pending: string;
    readonly channels: string;
    readonly channelsMore: string;
    readonly allBy: OfChannel;
    readonly save: string;
    readonly all: string;
    readonly allDone: string;
  };
  readonly confirm: {
    readonly title: string;
    question(topic: string): string;
    readonly button: string;
    readonly done: string;
    more(topic: string): string;
    readonly over: { readonly title: string; readonly text: string };
  };
}
