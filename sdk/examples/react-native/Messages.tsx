import type { Kind, Message } from '@sojourn/browser/core';
import { useInbox, useSojourn } from '@sojourn/browser/react';
import { useCallback, type ComponentType } from 'react';
import { FlatList, StyleSheet, Text, View } from 'react-native';
import { Notice } from './Notice';
import { Progress } from './Progress';
import { Survey } from './Survey';

/** What draws a message. It stays mounted while the message is in the list. */
export type Card = ComponentType<{ readonly message: Message }>;

/** A message of a kind that is not here is not shown: another version of the app may know it. */
const CARDS: { readonly [kind in Kind]?: Card } = {
  card: Notice,
  banner: Notice,
  modal: Notice,
  survey: Survey,
  progress: Progress,
  checklist: Progress,
};

/** A message was seen once half of it was visible for a second. */
const SEEN = { itemVisiblePercentThreshold: 50, minimumViewTime: 1_000 };

/** The screen with the messages of the person, the latest first. */
export function Messages() {
  const { messages, unread } = useInbox();
  const client = useSojourn();
  const noteSeen = useCallback(
    ({ viewableItems }: { viewableItems: { item: Message }[] }) => {
      for (const { item } of viewableItems) if (item.seenAt === null) client?.react(item.id, 'seen');
    },
    [client],
  );
  // The list does not take another function later.
  if (!client) return null;
  return (
    <FlatList
      data={messages.filter(({ content }) => Object.hasOwn(CARDS, content.kind))}
      keyExtractor={({ id }) => id}
      renderItem={({ item }) => {
        const Drawn = CARDS[item.content.kind];
        return Drawn ? <Drawn message={item} /> : null;
      }}
      onViewableItemsChanged={noteSeen}
      viewabilityConfig={SEEN}
      contentContainerStyle={styles.list}
      ListHeaderComponent={
        <View>
          <Text accessibilityRole="header" style={styles.heading}>
            {unread === 0 ? 'Messages' : `Messages (${unread} new)`}
          </Text>
          {client.keptAt !== undefined && (
            <Text style={styles.quiet}>Offline. As of {new Date(client.keptAt).toLocaleString()}.</Text>
          )}
        </View>
      }
      ListEmptyComponent={<Text style={styles.quiet}>Nothing new.</Text>}
    />
  );
}

const styles = StyleSheet.create({
  list: { padding: 16, gap: 12 },
  heading: { fontSize: 22, fontWeight: '600' },
  quiet: { fontSize: 15, color: '#5b616b' },
});
