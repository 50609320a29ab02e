import { errorAt, unsupportedAt } from '../errors.ts';
import { itemsOf, need, type Syntax } from '../syntax.ts';
import { toDecimal, toGuid, toLong, toReal } from '../values/convert.ts';
import { asInt32, negateInt } from '../values/int64.ts';
import { toDynamic } from '../values/json.ts';
import { parseDatetime, parseTimespan } from '../values/parse-time.ts';
import { type Bag, type Int64, isBoxed, type KqlType, type KqlValue, setKey } from '../values/types.ts';

interface Literal {
  type: KqlType;
  value: KqlValue;
}

const TYPES: Readonly<Record<string, KqlType>> = {
  StringLiteralExpression: 'string',
  CompoundStringLiteralExpression: 'string',
  LongLiteralExpression: 'long',
  IntLiteralExpression: 'int',
  RealLiteralExpression: 'real',
  DecimalLiteralExpression: 'decimal',
  BooleanLiteralExpression: 'bool',
  DateTimeLiteralExpression: 'datetime',
  TimespanLiteralExpression: 'timespan',
  GuidLiteralExpression: 'guid',
};

export function isLiteral(node: Syntax): boolean {
  return node.kind in TYPES || node.kind === 'DynamicExpression';
}

/** The value of a literal; `now` stands for datetime(). */
export function literalOf(node: Syntax, now: Int64): Literal {
  if (node.kind === 'DynamicExpression') {
    return { type: 'dynamic', value: dynamicLiteral(need(node, 'Expression'), now) };
  }
  if (node.kind === 'CompoundStringLiteralExpression') {
    return {
      type: 'string',
      value: itemsOf(node, 'Tokens')
        .map((token) => token.value)
        .join(''),
    };
  }
  const type = TYPES[node.kind];
  if (!type) throw unsupportedAt(node, `the literal ${node.text}`);
  const source = need(node, 'Token').value.trim();
  if (type === 'string') return { type, value: need(node, 'Token').value };
  if (/^null$/i.test(source)) return { type, value: null };
  const value = scalarLiteral(type, source, now);
  if (value === null) throw errorAt(node, `${node.text} is not a ${type}`);
  return { type, value };
}

function scalarLiteral(type: KqlType, source: string, now: Int64): KqlValue {
  switch (type) {
    case 'long':
      return toLong(source, 'string');
    case 'int':
      return asInt32(toLong(source, 'string'));
    case 'real':
      return toReal(source, 'string');
    case 'decimal':
      return toDecimal(source, 'string');
    case 'bool':
      return source === '' ? null : source.toLowerCase() === 'true' || source === '1';
    case 'datetime':
      return source === '' ? now : dateLiteral(source);
    case 'timespan':
      return parseTimespan(source);
    case 'guid':
      return toGuid(source, 'string');
    default:
      return null;
  }
}

// datetime("2015-12-14") and datetime(2025, 6, 14) are accepted too
function dateLiteral(source: string): KqlValue {
  const bare = source.replace(/^(["'])(.*)\1$/, '$2');
  const listed = /^(\d{4}),\s*(\d{1,2}),\s*(\d{1,2})$/.exec(bare);
  return parseDatetime(
    listed
      ? listed
          .slice(1)
          .map((part) => part.padStart(2, '0'))
          .join('-')
      : bare,
  );
}

function dynamicLiteral(node: Syntax, now: Int64): KqlValue {
  switch (node.kind) {
    case 'NullLiteralExpression':
      return null;
    case 'JsonArrayExpression':
      return itemsOf(node, 'Values').map((item) => dynamicLiteral(item, now));
    case 'JsonObjectExpression': {
      const bag: Bag = {};
      for (const pair of itemsOf(node, 'Pairs')) {
        setKey(bag, need(pair, 'Name').value, dynamicLiteral(need(pair, 'Value'), now));
      }
      return bag;
    }
    case 'UnaryMinusExpression':
      return negative(node, dynamicLiteral(need(node, 'Expression'), now));
    case 'UnaryPlusExpression':
      return dynamicLiteral(need(node, 'Expression'), now);
    case 'DynamicExpression':
      return dynamicLiteral(need(node, 'Expression'), now);
    default: {
      const literal = literalOf(node, now);
      return toDynamic(literal.value, literal.type);
    }
  }
}

function negative(node: Syntax, value: KqlValue): KqlValue {
  if (typeof value === 'number' || typeof value === 'bigint') return negateInt(value);
  if (isBoxed(value) && typeof value.value === 'number') return toDynamic(-value.value, 'real');
  throw errorAt(node, `${node.text} is not a number`);
}
