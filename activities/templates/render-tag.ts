import {
  Hash,
  Tag,
  TypeGuards,
  type Arguments,
  type Context,
  type Emitter,
  type Liquid,
  type Parser,
  type PartialScope,
  type TagToken,
  type Template,
  type TopLevelToken,
} from 'liquidjs';

/**
 * `{% render "row", item: item %}…{% endrender %}`, with the partial between the two. It sees the values that are passed and what
 * every template may use, and nothing else. What it assigns is its own.
 */
export class RenderTag extends Tag {
  private readonly values: Hash;
  private readonly templates: Template[] = [];

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    this.tokenizer.readValue();
    this.values = new Hash(this.tokenizer);
    if (!this.tokenizer.end() || Object.values(this.values.hash).includes(undefined))
      throw new Error('write each value with a name, as in {% render "row", item: item %}');
    for (let next = remaining.shift(); next; next = remaining.shift()) {
      if (TypeGuards.isTagToken(next) && next.name === 'endrender') return;
      this.templates.push(parser.parseToken(next, remaining));
    }
    throw new Error(`tag ${token.getText()} not closed`);
  }

  *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const inner = context.spawn();
    Object.assign(inner.bottom(), yield this.values.render(context));
    yield this.liquid.renderer.renderTemplates(this.templates, inner, emitter);
  }

  // What follows is asked for to find the variables that a text reads.

  *children(): Generator<unknown, Template[]> {
    return this.templates;
  }

  *arguments(): Arguments {
    yield* Object.values(this.values.hash).filter(TypeGuards.isValueToken);
  }

  partialScope(): PartialScope {
    return { name: String(this.token.begin), isolated: true, scope: Object.keys(this.values.hash) };
  }
}
