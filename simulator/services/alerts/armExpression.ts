/** A parsed template expression, the text between `[` and `]` of a value in a compiled template. */
export type Expression =
  | { kind: 'literal'; value: string | number }
  | { kind: 'call'; name: string; args: Expression[] }
  | { kind: 'member'; of: Expression; name: Expression };

const TOKEN = /\s*(?:(-?\d+)|'((?:[^']|'')*)'|([A-Za-z_$][\w$]*)|([()[\],.]))/y;

interface Token {
  kind: 'number' | 'string' | 'name' | 'mark';
  text: string;
}

/**
 * Parses an expression of an Azure Resource Manager template (azure-docs: "Template syntax", "Template expressions").
 * Throws, naming the place, for what is none.
 */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  let at = 0;

  function take(mark?: string): Token {
    const token = tokens[at];
    if (token === undefined || (mark !== undefined && (token.kind !== 'mark' || token.text !== mark))) {
      throw new Error(`template expression ${text}: expected ${mark ?? 'more'} instead of ${token?.text ?? 'its end'}`);
    }
    at += 1;
    return token;
  }
  function isNext(mark: string): boolean {
    return tokens[at]?.kind === 'mark' && tokens[at]?.text === mark;
  }
  function primary(): Expression {
    const token = take();
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind === 'string') return { kind: 'literal', value: token.text };
    if (token.kind === 'mark') throw new Error(`template expression ${text}: unexpected ${token.text}`);
    take('(');
    const args: Expression[] = [];
    while (!isNext(')')) {
      args.push(expression());
      if (!isNext(')')) take(',');
    }
    take(')');
    return { kind: 'call', name: token.text, args };
  }
  function expression(): Expression {
    let found = primary();
    for (;;) {
      if (isNext('.')) {
        take('.');
        found = { kind: 'member', of: found, name: { kind: 'literal', value: take().text } };
      } else if (isNext('[')) {
        take('[');
        found = { kind: 'member', of: found, name: expression() };
        take(']');
      } else return found;
    }
  }

  const whole = expression();
  if (at < tokens.length) throw new Error(`template expression ${text}: nothing should follow ${tokens[at - 1]?.text}`);
  return whole;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`template expression ${text}: cannot read on from character ${start}`);
    const [, number, string, name, mark] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'") });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'mark', text: mark ?? '' });
  }
  return tokens;
}
