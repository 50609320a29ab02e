import { createHash } from 'node:crypto';
import { type Exchange, queryValue } from '../service.ts';
import { dockerError, type Needed, notFound } from './dockerAnswers.ts';
import type { SimulatedRegistry } from './registryAt.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const DEFAULT_PAGE = 100;

/** What a path needs; nothing for `/v2/` itself. */
export function neededAt(path: string): Needed | undefined {
  if (path === '/v2/_catalog') return { type: 'registry', name: 'catalog', action: '*' };
  const name = /^\/v2\/(.+)\/(tags\/list|manifests\/[^/]+|blobs\/[^/]+)$/.exec(path);
  if (name?.[1] === undefined) return undefined;
  return { type: 'repository', name: name[1], action: name[2] === 'tags/list' ? 'metadata_read' : 'pull' };
}

/** The answer to a request that is allowed. Every repository has one image, `latest`. */
export function answerContent({ url, path, method }: Exchange, registry: SimulatedRegistry): Response {
  if (path === '/v2') return listing({});
  if (path === '/v2/_catalog') return catalog(url, registry);
  const match = /^\/v2\/(.+)\/(tags|manifests|blobs)\/([^/]+)$/.exec(path);
  const [, name, kind, reference] = match ?? [];
  if (name === undefined || reference === undefined) return notFound('404 page not found');
  if (!registry.repositories.includes(name)) {
    return dockerError(404, 'NAME_UNKNOWN', `repository "${name}" is not found`, { name });
  }
  if (kind === 'tags') return listing({ name, tags: ['latest'] });
  if (kind === 'blobs') return dockerError(404, 'BLOB_UNKNOWN', 'blob unknown to registry', { digest: reference });
  return manifest(name, reference, method);
}

function catalog(url: URL, { repositories }: SimulatedRegistry): Response {
  const size = Number(queryValue(url, 'n') ?? DEFAULT_PAGE);
  const last = queryValue(url, 'last');
  const after = repositories.toSorted().filter((name) => last === undefined || name > last);
  const page = after.slice(0, size);
  const link = `</v2/_catalog?last=${encodeURIComponent(page.at(-1) ?? '')}&n=${size}&orderby=>; rel="next"`;
  return listing({ repositories: page }, page.length < after.length ? { link } : {});
}

function listing(body: object, headers: Record<string, string> = {}): Response {
  return new Response(`${JSON.stringify(body)}\n`, {
    headers: { 'content-type': 'application/json', 'docker-distribution-api-version': 'registry/2.0', ...headers },
  });
}

function manifest(name: string, reference: string, method: string): Response {
  const sha = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: sha(`config ${name}`), size: 1024 },
    layers: [
      { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: sha(`layer ${name}`), size: 1_048_576 },
    ],
  });
  const digest = sha(text);
  if (reference !== 'latest' && reference !== digest) {
    const message = `manifest tagged by "${reference}" is not found`;
    return dockerError(404, 'MANIFEST_UNKNOWN', message, { Tag: reference });
  }
  const headers = {
    'content-type': MANIFEST,
    'docker-content-digest': digest,
    'docker-distribution-api-version': 'registry/2.0',
    etag: `"${digest}"`,
  };
  return new Response(method === 'HEAD' ? null : text, { headers });
}
