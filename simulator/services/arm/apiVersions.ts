import { errorAnswer } from '../service.ts';
import versions from './apiVersions.json' with { type: 'json' };

/**
 * Versions the simulator accepts, by type; a child has its parent's unless it is named. Not complete: those of the
 * clients in use, of the recorded answers, and their neighbours. Types that are not here take any well-formed version.
 */
const KNOWN: Record<string, string[]> = versions;

/** The refusal for a missing, malformed or unsupported api-version; `undefined` when it is fine. */
export function refuseVersion(version: string | undefined, type: string, isCollection: boolean): Response | undefined {
  if (version === undefined || version === '') {
    const message = 'The api-version query parameter (?api-version=) is required for all requests.';
    return errorAnswer(400, 'MissingApiVersionParameter', message);
  }
  if (!/^\d{4}-\d{2}-\d{2}(-[a-z.]+)?$/i.test(version)) {
    return errorAnswer(400, 'InvalidApiVersionParameter', `The api-version '${version}' is invalid.`);
  }
  const known = versionsOf(type.toLowerCase());
  if (known === undefined || known.includes(version.toLowerCase())) return undefined;
  const [namespace, ...types] = type.split('/');
  const kind = types.join('/');
  const supported = `The supported api-versions are '${known.join(', ')}'.`;
  if (isCollection) {
    const message = `The resource type '${kind}' could not be found in the namespace '${namespace}' for api version '${version}'. ${supported}`;
    return errorAnswer(400, 'InvalidResourceType', message);
  }
  const message = `No registered resource provider found for location 'westeurope' and API version '${version}' for type '${kind}'. ${supported}`;
  return errorAnswer(400, 'NoRegisteredProviderFound', message);
}

function versionsOf(type: string): string[] | undefined {
  for (let one = type; one.includes('/'); one = one.slice(0, one.lastIndexOf('/'))) {
    const known = KNOWN[one];
    if (known !== undefined) return known;
  }
  return undefined;
}
