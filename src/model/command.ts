import type { Registry } from './estate.ts';

type Named = Pick<Registry, 'name' | 'subscriptionId'>;

/** `az acr update` of one registry. */
export function acrUpdate({ name, subscriptionId }: Named, flags: string): string {
  return `az acr update --name ${name} --subscription ${subscriptionId} ${flags}`;
}

/** Any other `az acr` command that takes `--registry`. */
export function acr(command: string, { name, subscriptionId }: Named, flags = ''): string {
  return `az acr ${command} --registry ${name} --subscription ${subscriptionId} ${flags}`.trimEnd();
}

/** `az acr network-rule` for one range: `add` or `remove`. */
export function networkRule(verb: 'add' | 'remove', { name, subscriptionId }: Named, range: string): string {
  return `az acr network-rule ${verb} --name ${name} --subscription ${subscriptionId} --ip-address ${range}`;
}
