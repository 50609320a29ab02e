import { expect } from 'vitest';
import { type Answered, ask, REGISTRY, simulatorOf, TENANT } from '../../ask.ts';

export const HOST = 'shop.azurecr.io';
export const ROOT = `https://${HOST}`;
const DATA_PLANE = {
  repositories: ['app', 'base/node', 'web'],
  credentials: [
    { username: 'ci', password: 'PLANTED-ci', grants: ['repository:app:pull', 'repository:app:push'] },
    { username: 'shop', password: 'PLANTED-admin', grants: ['repository:*:pull', 'registry:catalog:*'] },
    { username: 'sp-app', password: 'PLANTED-sp', grants: ['repository:base/node:pull'] },
  ],
};

export type Simulator = ReturnType<typeof simulatorOf>;
export type Estate = Parameters<typeof simulatorOf>[0];

export const registry = (properties: object = {}) => ({
  id: REGISTRY,
  name: 'shop',
  properties: { loginServer: HOST, ...properties },
});
export const shop = (estate: Estate = {}, dataPlane: object = {}) =>
  simulatorOf({ resources: [registry()], dataPlane: { [HOST]: { ...DATA_PLANE, ...dataPlane } }, ...estate });

export const get = (simulator: Simulator, path: string, authorization = '', headers: Record<string, string> = {}) =>
  ask(simulator, `${ROOT}${path}`, { authorization, headers });
export const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
export const post = (simulator: Simulator, path: string, form: Record<string, string>) =>
  simulator
    .handle(new Request(`${ROOT}${path}`, { method: 'POST', body: new URLSearchParams(form) }))
    .then(async (response) => ({ status: response.status, headers: response.headers, body: await response.json() }));

export function tokenOf({ status, body }: Answered, field: string): string {
  expect(status).toBe(200);
  return String(Object.entries(body as object).find(([key]) => key === field)?.[1]);
}

/** From a directory token to an access token, as `az acr login` and then docker do it. */
export async function refreshToken(
  simulator: Simulator,
  audience = 'https://containerregistry.azure.net',
): Promise<Answered> {
  const token = await simulator.credential.getToken(`${audience}/.default`);
  return post(simulator, '/oauth2/exchange', {
    grant_type: 'access_token',
    service: HOST,
    tenant: TENANT,
    access_token: token?.token ?? '',
  });
}
export async function accessFor(simulator: Simulator, scope: string): Promise<Answered> {
  const refresh_token = tokenOf(await refreshToken(simulator), 'refresh_token');
  return post(simulator, '/oauth2/token', { grant_type: 'refresh_token', service: HOST, scope, refresh_token });
}
