import { KqlError, KqlUnsupportedError } from '../errors.ts';

/** POSIX classes that RE2 knows inside brackets. */
const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  blank: '\\t ',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};
const SYNTAX = new Set('^$\\.*+?()[]{}|/-'.split(''));
const cache = new Map<string, RegExp>();

/**
 * A regular expression of Kusto (RE2, page "RE2 syntax") as one of JavaScript, global, so that it can be iterated.
 * `flags` are RE2's i, m, s and U. Refuses what RE2 refuses (look-around, back-references).
 */
export function compileRegex(pattern: string, flags = ''): RegExp {
  const key = `${flags}/${pattern}`;
  const known = cache.get(key);
  if (known) return known;
  const regex = build(pattern, flags);
  if (cache.size > 500) cache.clear();
  cache.set(key, regex);
  return regex;
}

function build(pattern: string, flags: string): RegExp {
  const leading = /^\(\?([imsU]+)\)/.exec(pattern);
  const all = new Set(`${flags}${leading?.[1] ?? ''}`.split(''));
  const source = translate(leading ? pattern.slice(leading[0].length) : pattern, all.has('U'));
  const jsFlags = ['i', 'm', 's'].filter((flag) => all.has(flag)).join('');
  try {
    return new RegExp(source, `gu${jsFlags}`);
  } catch (cause) {
    throw new KqlError(`the regular expression ${JSON.stringify(pattern)} is not valid: ${String(cause)}`);
  }
}

function refuse(pattern: string, what: string): KqlError {
  return new KqlUnsupportedError(`the regular expression ${JSON.stringify(pattern)} uses ${what}`);
}

function translate(pattern: string, ungreedy: boolean): string {
  let out = '';
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] ?? '';
    if (character === '\\') {
      const next = pattern[++i] ?? '';
      const braced = /^([pPx])(?:\{(\^?\w+)\}|([A-Z]))/.exec(pattern.slice(i));
      if (braced) {
        out += classOf(pattern, braced);
        i += braced[0].length - 1;
      } else out += escaped(pattern, next, inClass);
    } else if (inClass) {
      const posix = /^\[:(\^?)([a-z]+):\]/.exec(pattern.slice(i));
      if (posix) {
        if (posix[1] || !POSIX[posix[2] ?? '']) throw refuse(pattern, posix[0]);
        out += POSIX[posix[2] ?? ''];
        i += posix[0].length - 1;
      } else {
        if (character === ']') inClass = false;
        out += character === '[' ? '\\[' : character;
      }
    } else if (character === '[') {
      inClass = true;
      out += '[';
      if (pattern[i + 1] === '^') out += pattern[++i];
      if (pattern[i + 1] === ']') {
        out += '\\]';
        i++;
      }
    } else if (character === '(' && pattern[i + 1] === '?') {
      const group = /^\(\?(?:P?<([A-Za-z_]\w*)>|:)/.exec(pattern.slice(i));
      if (!group) throw refuse(pattern, pattern.slice(i, i + 4));
      out += group[1] ? `(?<${group[1]}>` : '(?:';
      i += group[0].length - 1;
    } else if (ungreedy && /[*+?}]/.test(character) && quantifies(pattern, i)) {
      if (pattern[i + 1] === '?') {
        out += character;
        i++;
      } else out += `${character}?`;
    } else if (character === '{' && !/^\{\d+(,\d*)?\}/.test(pattern.slice(i))) out += '\\{';
    else if (character === '}' && !/\{\d+(,\d*)?$/.test(pattern.slice(0, i))) out += '\\}';
    else if (character === ']') out += '\\]';
    else out += character;
  }
  return out;
}

function quantifies(pattern: string, at: number): boolean {
  return pattern[at] !== '}' || /\{\d+(,\d*)?$/.test(pattern.slice(0, at));
}

/** `\\p{Greek}`, `\\pL`, `\\x{10FFFF}`. */
function classOf(pattern: string, [whole, letter = '', name = '', short]: RegExpExecArray): string {
  if (letter === 'x') {
    if (short !== undefined) throw refuse(pattern, `\\${whole}`);
    return `\\u{${name}}`;
  }
  const inverted = name.startsWith('^') !== (letter === 'P');
  const property = short ?? name.replace('^', '');
  return `\\${inverted ? 'P' : 'p'}{${property.length > 2 ? `Script=${property}` : property}}`;
}

/** The regular expression bound to the start or the end of a text, not global. */
export function anchoredRegex(pattern: string, at: 'start' | 'end'): RegExp {
  const key = `${at} ${pattern}`;
  const known = cache.get(key);
  if (known) return known;
  const { source, flags } = compileRegex(pattern);
  const regex = new RegExp(at === 'start' ? `^(?:${source})` : `(?:${source})$`, flags.replace('g', ''));
  cache.set(key, regex);
  return regex;
}

function escaped(pattern: string, next: string, inClass: boolean): string {
  if (/[dDwWsSbBtnrfv]/.test(next)) return next === 'b' && inClass ? '\\x08' : `\\${next}`;
  if (next === 'A') return '(?<![\\s\\S])';
  if (next === 'z') return '(?![\\s\\S])';
  if (next === 'a') return '\\x07';
  if (next === 'x') return '\\x';
  if (/[1-9]/.test(next)) throw refuse(pattern, `the back-reference \\${next}`);
  if (/[A-Za-z0]/.test(next)) throw refuse(pattern, `\\${next}`);
  return SYNTAX.has(next) && (next !== '-' || inClass) ? `\\${next}` : next;
}
