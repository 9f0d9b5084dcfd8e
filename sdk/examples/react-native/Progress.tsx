import type { Message } from '@sojourn/browser/core';
import { progressOf, useSojourn } from '@sojourn/browser/react';
import { StyleSheet, Text, View } from 'react-native';
import { Button, Frame } from './parts';

/** How far an order or the first steps have come. A newer message of the same card takes its place in the list. */
export function Progress({ message }: { readonly message: Message }) {
  const client = useSojourn();
  const { progress, steps } = progressOf(message);
  const percent = Math.round(progress * 100);
  return (
    <Frame title={message.content.title} body={message.content.body}>
      <View
        accessible
        accessibilityRole="progressbar"
        accessibilityValue={{ min: 0, max: 100, now: percent }}
        style={styles.track}
      >
        <View style={[styles.bar, { width: `${percent}%` }]} />
      </View>
      {steps.map(({ label, done }) => (
        <Text key={label} accessibilityLabel={`${label}, ${done ? 'done' : 'to do'}`} style={styles.step}>
          {done ? '✓' : '○'} {label}
        </Text>
      ))}
      <Button label="Close" onPress={() => client?.react(message.id, 'dismissed')} />
    </Frame>
  );
}

const styles = StyleSheet.create({
  track: { height: 8, borderRadius: 4, backgroundColor: '#e3e6eb', overflow: 'hidden' },
  bar: { height: 8, backgroundColor: '#1f5fd6' },
  step: { fontSize: 15, lineHeight: 21, color: '#16181d' },
});
