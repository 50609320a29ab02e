import { createHash } from 'node:crypto';
import { unsupportedAt } from '../errors.ts';
import { text } from '../values/int64.ts';
import type { KqlValue } from '../values/types.ts';
import { type Bind, plain } from './registry.ts';

/** Percent codes in lower case, as page "url_encode()" prints them. */
function urlEncode(source: string): string {
  return encodeURIComponent(source)
    .replace(/[~']/g, (character) => (character === '~' ? '%7e' : '%27'))
    .replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

function urlDecode(source: string): string {
  try {
    return decodeURIComponent(source.replaceAll('+', ' '));
  } catch {
    return '';
  }
}

function base64Decode(source: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(source) || source.length % 4 !== 0) return '';
  const bytes = Buffer.from(source, 'base64');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return '';
  }
}

// of other types Kusto hashes the bytes it stores, which no page describes
function digest(algorithm: string): Bind {
  return (call) => {
    if (call.args[0]?.type !== 'string') throw unsupportedAt(call.node, `${call.name}() of what is no text`);
    const apply = (source: KqlValue) => createHash(algorithm).update(text(source)).digest('hex');
    return plain({ params: ['string'], returns: 'string', apply })(call);
  };
}

export const ENCODING: Readonly<Record<string, Bind>> = {
  url_encode: plain({ params: ['string'], returns: 'string', apply: (s) => urlEncode(text(s)).replaceAll('%20', '+') }),
  url_encode_component: plain({ params: ['string'], returns: 'string', apply: (s) => urlEncode(text(s)) }),
  url_decode: plain({ params: ['string'], returns: 'string', apply: (s) => urlDecode(text(s)) }),
  base64_encode_tostring: plain({
    params: ['string'],
    returns: 'string',
    apply: (s) => Buffer.from(text(s)).toString('base64'),
  }),
  base64_decode_tostring: plain({ params: ['string'], returns: 'string', apply: (s) => base64Decode(text(s)) }),
  hash_sha256: digest('sha256'),
  hash_sha1: digest('sha1'),
  hash_md5: digest('md5'),
};
