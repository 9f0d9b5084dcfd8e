import type { Message } from '@sojourn/browser/core';
import { useSojourn } from '@sojourn/browser/react';
import { Image, Linking } from 'react-native';
import { Button, Frame, Row } from './parts';

/** A message with a text, and perhaps a picture, a button or a few choices. */
export function Notice({ message: { id, content, answer } }: { readonly message: Message }) {
  const client = useSojourn();
  const { title, body, image, actionLabel, url, choices = [] } = content;
  const act = () => {
    client?.react(id, 'clicked');
    // Only the web: an address of another scheme could open anything on the phone.
    if (url && /^https?:/i.test(url)) void Linking.openURL(url);
  };
  return (
    <Frame title={title} body={body}>
      {image && (
        <Image
          source={{ uri: image.url }}
          alt={image.alt}
          accessibilityIgnoresInvertColors
          style={{ width: '100%', aspectRatio: 16 / 9 }}
        />
      )}
      <Row>
        {choices.map(({ value, label }) => (
          <Button
            key={value}
            label={label}
            selected={answer === value}
            disabled={answer !== null && answer !== value}
            onPress={() => client?.answer(id, value)}
          />
        ))}
        {actionLabel !== undefined && <Button label={actionLabel} onPress={act} />}
        <Button label="Close" onPress={() => client?.react(id, 'dismissed')} />
      </Row>
    </Frame>
  );
}
