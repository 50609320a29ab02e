import { isScalar, visit, type YAMLError } from 'yaml';
import type { Mistake, PolicyDocument } from './places.ts';

/** What is wrong with the writing, and whether what it says is to be understood all the same. */
export function writingOf(document: PolicyDocument): { mistakes: Mistake[]; isReadable: boolean } {
  const errors = document.errors.map((error) => ({ offset: error.pos[0], text: wordsOf(error) }));
  const dead = deadAliases(document);
  return {
    mistakes: [...errors, ...dead, ...takeOutLost(document)],
    isReadable: dead.length === 0 && document.errors.every(({ code }) => HARMLESS.includes(code)),
  };
}

/** Mistakes beside which all the rest is read as it stands. */
const HARMLESS: YAMLError['code'][] = ['DUPLICATE_KEY', 'MULTIPLE_DOCS'];

/** Some of the library's own words are for programmers. */
function wordsOf({ code, message }: YAMLError): string {
  return code === 'MULTIPLE_DOCS' ? 'begins a second document: a policy is one, without a line of --- in it' : message;
}

/** Where a document refers to an anchor that is not there; the library notices only when it makes the content. */
function deadAliases(document: PolicyDocument): Mistake[] {
  const dead: Mistake[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return;
      dead.push({ offset: alias.range?.[0] ?? 0, text: `*${alias.source} names no anchor above it` });
    },
  });
  return dead;
}

/** Takes out a key that objects have of their own: whoever judges the content does not see it there. */
function takeOutLost(document: PolicyDocument): Mistake[] {
  const lost: Mistake[] = [];
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== '__proto__') return undefined;
      lost.push({ offset: key.range?.[0] ?? 0, text: "unknown key '__proto__'" });
      return visit.REMOVE;
    },
  });
  return lost;
}

/** Where a document first stands on another place of it; its beginning where it never does. */
export function firstAlias(document: PolicyDocument): number {
  let first = 0;
  visit(document, {
    Alias(_, { range }) {
      first = range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return first;
}
