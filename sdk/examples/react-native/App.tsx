import AsyncStorage from '@react-native-async-storage/async-storage';
import { start, type Client } from '@sojourn/browser/core';
import { SojournProvider } from '@sojourn/browser/react';
import { useEffect, useState } from 'react';
import { AppState, View } from 'react-native';
import { Messages } from './Messages';

interface Props {
  /** The address of the Sojourn API. */
  readonly url: string;
  /** A user token of the person who is signed in, from the app's own server. */
  readonly token: string;
  /** Gets a new token for the same person. */
  readonly refresh: () => Promise<string>;
}

/** The app of one person. Give it the person's id as `key`, so that another person gets a client of their own. */
export function App({ url, token, refresh }: Props) {
  const [client, setClient] = useState<Client | null>(null);
  // Once: the client gets a new token by `refresh`.
  useEffect(() => {
    const started = start({ url, token, refresh, storage: AsyncStorage });
    // Timers stand still while the app is in the background, and the network may be another one when it returns.
    const watching = AppState.addEventListener('change', (state) => {
      if (state === 'active') started.retry();
    });
    started.screen('Messages');
    setClient(started);
    return () => {
      watching.remove();
      started.stop();
    };
  }, []);
  return (
    <View style={{ flex: 1 }}>
      <SojournProvider client={client}>
        <Messages />
      </SojournProvider>
    </View>
  );
}
