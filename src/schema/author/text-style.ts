import { Scalar, type ScalarTag } from "yaml";
import { stringifyString } from "yaml/util";
import { UNSEEN } from "../write/block-text.ts";
import { plain, quoted } from "../write/scalar-text.ts";

const WIDEST = 100;

/** A line that is folded is one blank between words; others have a meaning of their own. */
const FOLDABLE = /^\S+(?: \S+)*$/;

/** A text as a node: without quotes where that is safe, several lines as a block. `isProse`: a long line may be folded. */
export function textNode(text: string, isProse: boolean): Scalar {
  const node = new Scalar(text);
  node.type = styleOf(text, isProse);
  return node;
}

function styleOf(text: string, isProse: boolean): Scalar.Type {
  const isClear = !UNSEEN.test(text) && text.trim() !== "";
  if (text.includes("\n")) return isClear ? "BLOCK_LITERAL" : "QUOTE_DOUBLE";
  if (isProse && isClear && text.length > WIDEST && FOLDABLE.test(text)) return "BLOCK_FOLDED";
  return plain(text, false) === undefined ? "QUOTE_DOUBLE" : "PLAIN";
}

export function keyNode(key: string): Scalar {
  const node = new Scalar(key);
  // A single letter is read as true or false by no program in use: `y` is a coordinate.
  node.type = plain(key, true) === undefined && !/^[A-Za-z]$/.test(key) ? "QUOTE_DOUBLE" : "PLAIN";
  return node;
}

/** A text that is YAML already, on one line. */
export function rawNode(yaml: string): Scalar {
  const node = new Scalar(yaml);
  node.type = "PLAIN";
  return node;
}

/** Texts are written in the style of their nodes, numbers as JSON writes them. */
export const TAGS: ScalarTag[] = [
  {
    tag: "tag:yaml.org,2002:str",
    default: true,
    identify: (value) => typeof value === "string",
    resolve: (text) => text,
    stringify(item, context, onComment, onChompKeep) {
      const text = String(item.value);
      if (item.type === "PLAIN") return text;
      const isBlock = item.type === "BLOCK_LITERAL" || item.type === "BLOCK_FOLDED";
      if (!isBlock || context.inFlow === true) return quoted(text);
      const block = stringifyString(item, foldingContext(context), onComment, onChompKeep);
      // Where a block cannot hold the text, the library takes quotes.
      return /^[|>]/.test(block) ? block : quoted(text);
    },
  },
  {
    tag: "tag:yaml.org,2002:json",
    default: true,
    identify: (value) => typeof value !== "string" && typeof value !== "object",
    resolve: (text) => text,
    stringify: (item) => String(item.value),
  },
  {
    tag: "tag:yaml.org,2002:null",
    default: true,
    identify: (value) => value === null,
    resolve: (text) => text,
    stringify: () => "null",
  },
];

type Context = Parameters<NonNullable<ScalarTag["stringify"]>>[1];

function foldingContext(context: Context): Context {
  return { ...context, options: { ...context.options, lineWidth: WIDEST } };
}
