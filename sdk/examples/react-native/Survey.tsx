import type { Answer, Message, Question } from '@sojourn/browser/core';
import { useSojourn } from '@sojourn/browser/react';
import { following, pathOf } from '@sojourn/browser/survey';
import { useState } from 'react';
import { StyleSheet, Text, TextInput } from 'react-native';
import { Button, Frame, Row } from './parts';

/** A survey, a question at a time. Each answer is kept at once, so that the person can go on later, on another device too. */
export function Survey({ message: { id, content, answers, answeredAt } }: { readonly message: Message }) {
  const client = useSojourn();
  const { title, body, questions = [], thanks = 'Thank you.' } = content;
  /** The question that is asked; undefined after the last one. */
  const [question, setQuestion] = useState(() => pathOf(questions, answers ?? {}).at(-1));

  function take(from: Question, answer: Answer | undefined) {
    const next = following(questions, from, answer);
    client?.answerQuestions(id, answer === undefined ? {} : { [from.id]: answer }, !next);
    setQuestion(next);
  }
  const close = <Button label="Close" onPress={() => client?.react(id, 'dismissed')} />;

  if (answeredAt !== null || !question)
    return (
      <Frame title={title} body={thanks}>
        {close}
      </Frame>
    );
  return (
    <Frame title={title} body={body}>
      <Text style={styles.ask}>{question.ask}</Text>
      <Field key={question.id} question={question} onAnswer={(answer) => take(question, answer)} />
      <Row>
        {question.optional && <Button label="Skip" onPress={() => take(question, undefined)} />}
        {close}
      </Row>
    </Frame>
  );
}

interface FieldProps {
  readonly question: Question;
  readonly onAnswer: (answer: Answer) => void;
}

function Field({ question, onAnswer }: FieldProps) {
  if (question.type === 'text') return <TextField question={question} onAnswer={onAnswer} />;
  if (question.type === 'choices') return <ChoicesField question={question} onAnswer={onAnswer} />;
  if (question.type === 'choice')
    return (
      <Row>
        {question.options?.map(({ value, label }) => (
          <Button key={value} label={label} onPress={() => onAnswer(value)} />
        ))}
      </Row>
    );
  const [min, max] = rangeOf(question);
  return (
    <>
      <Row>
        {Array.from({ length: max - min + 1 }, (_, index) => min + index).map((value) => (
          <Button key={value} label={String(value)} onPress={() => onAnswer(value)} />
        ))}
      </Row>
      <Text style={styles.quiet}>{[question.minLabel, question.maxLabel].filter(Boolean).join(' – ')}</Text>
    </>
  );
}

/** The lowest and the highest number of a question that is answered by one. */
function rangeOf({ type, min = 1, max = 5 }: Question): readonly [number, number] {
  if (type === 'nps') return [0, 10];
  return type === 'stars' ? [1, 5] : [min, max];
}

function ChoicesField({ question: { options = [], min = 1, max = options.length }, onAnswer }: FieldProps) {
  const [taken, setTaken] = useState<readonly string[]>([]);
  const toggle = (value: string) =>
    setTaken(taken.includes(value) ? taken.filter((one) => one !== value) : [...taken, value]);
  return (
    <>
      <Row>
        {options.map(({ value, label }) => (
          <Button
            key={value}
            label={label}
            selected={taken.includes(value)}
            disabled={taken.length >= max && !taken.includes(value)}
            onPress={() => toggle(value)}
          />
        ))}
      </Row>
      <Button label="Next" disabled={taken.length < min} onPress={() => onAnswer(taken)} />
    </>
  );
}

function TextField({ question: { ask, max = 1_000, placeholder }, onAnswer }: FieldProps) {
  const [text, setText] = useState('');
  return (
    <>
      <TextInput
        accessibilityLabel={ask}
        multiline
        maxLength={max}
        placeholder={placeholder}
        value={text}
        onChangeText={setText}
        style={styles.text}
      />
      <Button label="Next" disabled={text.trim() === ''} onPress={() => onAnswer(text.trim())} />
    </>
  );
}

const styles = StyleSheet.create({
  ask: { fontSize: 16, color: '#16181d' },
  quiet: { fontSize: 13, color: '#5b616b' },
  text: { minHeight: 88, padding: 12, borderRadius: 8, borderWidth: 1, borderColor: '#8a909b', fontSize: 15 },
});
