import type { PropsWithChildren } from 'react';
import { Pressable, StyleSheet, Text, View } from 'react-native';

/** The frame of a message. Its texts are plain text, never markup. */
export function Frame({ title, body, children }: PropsWithChildren<{ title?: string; body?: string }>) {
  return (
    <View style={styles.frame}>
      {title !== undefined && (
        <Text accessibilityRole="header" style={styles.title}>
          {title}
        </Text>
      )}
      {body !== undefined && <Text style={styles.body}>{body}</Text>}
      {children}
    </View>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly onPress: () => void;
  /** Whether it is the one that is taken, of several. */
  readonly selected?: boolean;
  readonly disabled?: boolean;
}

export function Button({ label, onPress, selected = false, disabled = false }: ButtonProps) {
  return (
    <Pressable
      accessibilityRole="button"
      accessibilityState={{ selected, disabled }}
      disabled={disabled}
      onPress={onPress}
      style={[styles.button, selected && styles.selected, disabled && styles.disabled]}
    >
      <Text style={selected ? styles.selectedLabel : styles.label}>{label}</Text>
    </Pressable>
  );
}

export function Row({ children }: PropsWithChildren) {
  return <View style={styles.row}>{children}</View>;
}

const styles = StyleSheet.create({
  frame: { padding: 16, gap: 8, borderRadius: 12, borderWidth: 1, borderColor: '#d7dae0', backgroundColor: '#ffffff' },
  title: { fontSize: 17, fontWeight: '600', color: '#16181d' },
  body: { fontSize: 15, lineHeight: 21, color: '#16181d' },
  row: { flexDirection: 'row', flexWrap: 'wrap', gap: 8 },
  button: { minHeight: 44, minWidth: 44, padding: 12, borderRadius: 8, borderWidth: 1, borderColor: '#8a909b' },
  selected: { backgroundColor: '#1f5fd6', borderColor: '#1f5fd6' },
  disabled: { opacity: 0.5 },
  label: { textAlign: 'center', fontSize: 15, color: '#16181d' },
  selectedLabel: { textAlign: 'center', fontSize: 15, color: '#ffffff' },
});
