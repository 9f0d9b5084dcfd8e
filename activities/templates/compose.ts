import { dirname, relative, resolve } from 'node:path';
import { Composed, type Piece } from './composed';
import { LIMITS, tooLong } from './limits';
import { INCLUDE } from './mjml-includes';
import { namedPart, partTags, type PartTag } from './part-tags';
import { PARTS, type Part, type PartKind, type Parts, type TextInFile } from './parts';
import type { Passage } from './passage';
import { TemplateError } from './template-error';

/** A text with the partials and the layout that it names. */
export interface Composition {
  readonly composed: Composed;
  /** The partials and layouts that it has. */
  readonly parts: readonly Passage[];
}

/** The blocks of an email, which take the place of those of its layout. */
type Blocks = ReadonlyMap<string, readonly Piece[]>;

/**
 * Puts a text together with the partials that it names. Afterwards it has `{% render … %}`, the partial and `{% endrender %}`, and
 * in place of `{% include … %}` the partial alone.
 * @throws {TemplateError} with file and line of each mistake
 */
export function withPartials(text: TextInFile, parts: Parts): Composition {
  return compose(text, parts, (composer) => composer.whole(text, [text.path]));
}

/**
 * Puts the MJML of an email together with the partials and the layout that it names.
 * @throws {TemplateError} with file and line of each mistake
 */
export function withLayout(text: TextInFile, parts: Parts): Composition {
  return compose(text, parts, (composer) => composer.inLayout());
}

function compose(text: TextInFile, parts: Parts, pieces: (composer: Composer) => Piece[]): Composition {
  const composer = new Composer(text, parts);
  const composed = new Composed(pieces(composer));
  if (composer.problems.size > 0) throw new TemplateError([...composer.problems]);
  return { composed, parts: [...composer.used] };
}

class Composer {
  readonly problems = new Set<string>();
  readonly used = new Set<Passage>();
  private length = 0;

  constructor(
    private readonly root: TextInFile,
    private readonly parts: Parts,
  ) {}

  /** The email in its layout, if it begins with one; otherwise the email. */
  inLayout(): Piece[] {
    const { root } = this;
    const [first] = partTags(root.text);
    if (first?.name !== 'layout' || root.text.slice(0, first.begin).trim() !== '') return this.whole(root, [root.path]);
    const layout = this.part('layout', first, root);
    return layout ? this.whole(layout, [], this.blocksFor(layout, first.end)) : [];
  }

  /**
   * A text with everything that it names.
   * @param within the files in which it stands, its own included
   * @param blocks what takes the place of the blocks, if it is a layout
   */
  whole(text: TextInFile, within: readonly string[], blocks?: Blocks): Piece[] {
    return this.range(text, 0, text.text.length, within, blocks);
  }

  private range(text: TextInFile, from: number, to: number, within: readonly string[], blocks?: Blocks): Piece[] {
    const pieces: Piece[] = [];
    let done = from;
    for (const tag of partTags(text.text)) {
      if (tag.begin < done || tag.end > to) continue;
      pieces.push(...this.plain(text, done, tag.begin));
      done = tag.end;
      if (tag.name === 'include' || tag.name === 'render') pieces.push(...this.partial(text, tag, within));
      else if (tag.name === 'block' && blocks) {
        const end = this.endOf(tag, text);
        pieces.push(...(blocks.get(tag.args) ?? this.range(text, tag.end, end.begin, within)));
        done = end.end;
      } else if (tag.name === 'layout')
        this.problem(text, tag, 'only an email has a layout, which it names first of all');
      else this.problem(text, tag, 'a block stands in a layout, or in an email that begins with {% layout %}');
    }
    return [...pieces, ...this.plain(text, done, to)];
  }

  private partial(text: TextInFile, tag: PartTag, within: readonly string[]): Piece[] {
    const part = this.part('partial', tag, text);
    if (part && within.includes(part.path)) this.problem(text, tag, 'the partial includes itself');
    if (!part || within.includes(part.path)) return [];
    const pieces = this.whole(part, [...within, part.path]);
    if (tag.name === 'include') return pieces;
    const at = (): string => text.at(tag.begin);
    return [{ text: tag.tag, at }, ...pieces, { text: '{% endrender %}', at }];
  }

  /** The file that a tag names; null when there is none, which is a problem. */
  private part(kind: PartKind, tag: PartTag, text: TextInFile): Part | null {
    const named = namedPart(tag.args);
    if (!named || (tag.name !== 'render' && named.rest !== '')) {
      const values = tag.name === 'include' ? '. A partial with values is {% render "name", value: data.value %}' : '';
      this.problem(text, tag, `write the name of a ${kind} in quotes${values}`);
      return null;
    }
    const { folder, suffix } = PARTS[kind];
    const path = `templates/${folder}/${named.name}${suffix}`;
    const part = this.parts[kind].get(named.name);
    if (part) this.used.add(part.passage);
    else this.problem(text, tag, `there is no ${path}, neither the journey's nor a shared one`);
    return part ?? null;
  }

  /** The blocks of the email. What stands outside of them would have no place in the layout. */
  private blocksFor(layout: Part, from: number): Blocks {
    const { root } = this;
    const known = partTags(layout.text).flatMap(({ name, args }) => (name === 'block' ? [args] : []));
    const blocks = new Map<string, Piece[]>();
    let done = from;
    for (const tag of partTags(root.text)) {
      if (tag.name !== 'block' || tag.begin < done) continue;
      const end = this.endOf(tag, root);
      this.nothing(done, tag.begin);
      if (!known.includes(tag.args))
        this.problem(root, tag, `the layout has no such block; there are ${known.join(', ') || 'none'}`);
      if (blocks.has(tag.args)) this.problem(root, tag, 'the block is there twice');
      blocks.set(tag.args, this.range(root, tag.end, end.begin, [root.path]));
      done = end.end;
    }
    this.nothing(done, root.text.length);
    return blocks;
  }

  private nothing(from: number, to: number): void {
    const blank = this.root.text.slice(from, to).search(/\S/);
    if (blank !== -1)
      this.problems.add(`${this.root.at(from + blank)}: an email with a layout has everything in a {% block %}`);
  }

  /** The end of a block. A block that does not end is a problem. */
  private endOf(block: PartTag, text: TextInFile): Pick<PartTag, 'begin' | 'end'> {
    const next = partTags(text.text).find(({ name, begin }) => begin >= block.end && /^(?:end)?block$/.test(name));
    if (next?.name === 'endblock') return next;
    this.problem(text, block, 'write {% endblock %} behind it, before the next block');
    return { begin: block.end, end: block.end };
  }

  /** A text in which nothing is named. The paths of `mj-include` become relative to the template, for MJML. */
  private plain(text: TextInFile, from: number, to: number): Piece[] {
    const pieces: Piece[] = [];
    const add = (piece: Piece): void => {
      this.length += piece.text.length;
      pieces.push(piece);
    };
    let done = from;
    const [here, there] = [dirname(text.path), dirname(this.root.path)];
    for (const { 0: tag, 1: target = '', index } of here === there ? [] : text.text.slice(from, to).matchAll(INCLUDE)) {
      const begin = from + index + tag.length - 1 - target.length;
      add(piece(text, done, begin));
      add({ text: relative(there, resolve(here, target)), at: () => text.at(begin) });
      done = begin + target.length;
    }
    add(piece(text, done, to));
    if (this.length > LIMITS.parseLimit) throw new TemplateError([tooLong(this.root.at())]);
    return pieces;
  }

  private problem(text: TextInFile, { tag, begin }: PartTag, problem: string): void {
    this.problems.add(`${text.at(begin)}: ${tag}: ${problem}`);
  }
}

function piece(text: TextInFile, from: number, to: number): Piece {
  return { text: text.text.slice(from, to), at: (offset) => text.at(from + offset) };
}
