import { isAlias, visit, type Document, type Node, type Scalar } from 'yaml';
import type { Passage } from './passage';
import { inQuotes, type Mistake } from './yaml-errors';

/** Finds texts of which YAML drops a part without an error: it reads `#`, `!`, `&` and `*` as signs of its own. */
export function lossesOf(source: Passage, document: Document): Mistake[] {
  const { anchors, aliases } = namesIn(document);
  const losses: Mistake[] = [];
  const lost = (node: Node, why: string): void => {
    const offset = node.range?.[0] ?? 0;
    losses.push({ where: source.at(offset), text: `${why}: ${inQuotes(source.line(offset))}` });
  };
  visit(document, {
    Alias: (_, node) => {
      if (!anchors.has(node.source)) lost(node, 'a text that begins with * needs quotes');
    },
    Scalar: (_, node) => {
      if (node.type === 'PLAIN' && hasCommentBehind(source, node))
        lost(
          node,
          '# begins a comment here, which is not sent; put the text in quotes, or the comment on its own line',
        );
      if (node.tag !== undefined) lost(node, 'a text that begins with ! needs quotes');
      if (node.anchor !== undefined && !aliases.has(node.anchor)) lost(node, 'a text that begins with & needs quotes');
    },
  });
  return losses;
}

function namesIn(document: Document): { readonly anchors: Set<string>; readonly aliases: Set<string> } {
  const anchors = new Set<string>();
  const aliases = new Set<string>();
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) aliases.add(node.source);
      else if (node.anchor !== undefined) anchors.add(node.anchor);
    },
  });
  return { anchors, aliases };
}

/** Whether a comment stands behind a text, on its line. */
function hasCommentBehind(source: Passage, { comment, range }: Scalar): boolean {
  if (comment == null || !range) return false;
  return !source.text.slice(range[1], source.text.indexOf('#', range[1])).includes('\n');
}
