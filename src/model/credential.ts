import type { Instant } from './estate.ts';

export type CredentialKind =
  | 'token-password'
  | 'token-certificate'
  | 'client-secret'
  | 'client-certificate'
  /** a Sign and Verify pair with its password: it signs assertions and logs in to no registry */
  | 'saml-certificate'
  | 'vault-secret'
  | 'cache-credential';
type CredentialState = 'usable' | 'expired' | 'disabled' | 'superseded';
/** What a credential lets its holder do at a registry. */
export type Grant = 'pull' | 'push' | 'delete' | 'admin';

/** One secret that opens registries: never its value, only its dates and its reach (semantics §5). */
export interface Credential {
  kind: CredentialKind;
  /** what its findings are about: the registry of a token, `/servicePrincipals/<object id>` of a principal */
  resourceId: string;
  /** which one: `ci/password1`, `secret/<key id>` */
  subject: string;
  holder: Holder;
  /** `password1`, or the secret's display name */
  credentialName: string;
  startsOn?: Instant;
  /** absent: never */
  expiresOn?: Instant;
  state: CredentialState;
  /** subject of the newer usable credential that makes this one needless; an expired one may have it too */
  supersededBy?: string;
  /** undefined: its rights could not be read */
  grants?: Grant[];
  /** ids of the registries it opens */
  registries: string[];
  /** how the holder comes to its registries, in words: `AcrPull at resource group rg, through group build-agents` */
  through: string[];
  /** whom to ask about it */
  owners: string[];
  /** a usable certificate of the same holder that ends later: not the same kind, so it softens and does not supersede */
  certificateInPlace: boolean;
  /** the holder has a federated credential: it could do without this one */
  federatedInPlace: boolean;
  /** no credential of the holder is usable any more, and this is the one that ended last */
  lastOfHolder: boolean;
}

/** Whoever signs in with the credential. */
export type Holder =
  | { type: 'token'; id: string; name: string; registryName: string; subscriptionId: string }
  | { type: 'vault'; id: string; name: string }
  | { type: 'cache'; id: string; name: string; registryName: string; subscriptionId: string }
  | { type: 'principal'; id: string; name: string; appId: string; keptOn: 'application' | 'servicePrincipal' };
