/** What `${{ … }}` may name: `inputs`, `steps`, `github` and so on. */
export type Contexts = Readonly<Record<string, unknown>>;

/** A value in the expressions of GitHub Actions, as far as this project uses them. */
export function evaluate(expression: string, contexts: Contexts): unknown {
  const tokens = expression.match(/'(?:[^']|'')*'|==|!=|&&|\|\||[!(),]|[\w.-]+|\S/g) ?? [];
  let at = 0;
  const take = (token: string) => (tokens[at] === token ? (at += 1) > 0 : false);
  const or = (): unknown => {
    let value = and();
    while (take("||")) {
      const other = and();
      value = isTrue(value) ? value : other;
    }
    return value;
  };
  const and = (): unknown => {
    let value = equality();
    while (take("&&")) {
      const other = equality();
      value = isTrue(value) ? other : value;
    }
    return value;
  };
  const equality = (): unknown => {
    const left = primary();
    if (take("==")) return same(left, primary());
    if (take("!=")) return !same(left, primary());
    return left;
  };
  const primary = (): unknown => {
    if (take("!")) return !isTrue(primary());
    if (take("(")) {
      const value = or();
      if (!take(")")) throw new Error(`no ) in ${expression}`);
      return value;
    }
    const token = tokens[at++] ?? "";
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d+$/.test(token)) return Number(token);
    if (token === "true" || token === "false") return token === "true";
    if (take("(")) return call(token, list());
    return token.split(".").reduce<unknown>(member, contexts);
  };
  const list = (): readonly unknown[] => {
    const values: unknown[] = [];
    while (!take(")")) {
      values.push(or());
      take(",");
    }
    return values;
  };
  const value = or();
  if (at < tokens.length) throw new Error(`${expression} is not understood from ${tokens[at]}`);
  return value;
}

/** A text in which every `${{ … }}` is replaced by its value. */
export function filledIn(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
    const value = evaluate(expression.trim(), contexts);
    return value === undefined || value === null ? "" : String(value);
  });
}

export function isTrue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && value !== false && value !== 0;
}

function same(a: unknown, b: unknown): boolean {
  const plain = (value: unknown) => (value === undefined || value === null ? "" : String(value).toLowerCase());
  return plain(a) === plain(b);
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Contexts)[name] : undefined;
}

function call(name: string, [first, ...rest]: readonly unknown[]): unknown {
  if (name === "always") return true;
  if (name === "format")
    return String(first).replaceAll(/\{(\d)\}/g, (_, index: string) => String(rest[Number(index)] ?? ""));
  throw new Error(`the function ${name} is not known here`);
}
