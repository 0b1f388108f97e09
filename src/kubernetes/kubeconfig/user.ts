import type { ClusterAccess, Complain, ExecCommand, Located, Material } from './access.ts'
import { materialOf, pathIn } from './cluster.ts'
import type { ClusterFields, ExecFields, UserFields } from './schema.ts'

type UserPart = Pick<ClusterAccess, 'certificate' | 'key' | 'token' | 'basic' | 'exec'>

const V1 = 'client.authentication.k8s.io/v1'
const V1_BETA = 'client.authentication.k8s.io/v1beta1'
/** In a cluster's extensions: what its exec plugin is told besides. */
const EXEC_EXTENSION = 'client.authentication.k8s.io/exec'
const TOLD = ['server', 'tls-server-name', 'insecure-skip-tls-verify', 'proxy-url', 'disable-compression'] as const

/** Who shows no credential. */
export const NOBODY: UserPart = {
  certificate: undefined,
  key: undefined,
  token: undefined,
  basic: undefined,
  exec: undefined,
}

/** How a user is proven. */
export function userPart(
  { fields, folder }: Located<UserFields>,
  cluster: ClusterFields,
  complain: Complain,
): UserPart {
  const { token, username, password, exec, 'auth-provider': provider } = fields
  const isBasic = username !== undefined || password !== undefined
  if (token !== undefined && isBasic) complain('there are both a token and a user name with a password')
  if (provider !== undefined) {
    complain(`auth-provider ${provider.name ?? ''} is not supported, as Kubernetes gives it up: use exec, or a token`)
  }
  const certificate = materialOf(fields, folder, 'client-certificate', complain)
  const key = materialOf(fields, folder, 'client-key', complain)
  if (certificate !== undefined && key === undefined) complain('there is a client-certificate without a client-key')
  const shown = {
    certificate,
    key: certificate && key,
    token: tokenOf(fields, folder),
    basic: isBasic ? `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}` : undefined,
  }
  const command = exec && commandOf(exec, folder, cluster, complain)
  // As kubectl does: whoever has another credential does not run the program.
  const hasOther = Object.values(shown).some((one) => one !== undefined)
  return { ...shown, exec: hasOther ? undefined : command }
}

function tokenOf({ token, tokenFile }: UserFields, folder: string): Material | undefined {
  if (tokenFile === undefined) return token === undefined ? undefined : { data: token }
  return { file: pathIn(folder, tokenFile), ...(token === undefined ? {} : { fallback: token }) }
}

function commandOf(exec: ExecFields, folder: string, cluster: ClusterFields, complain: Complain): ExecCommand {
  const { command = '', args = [], env = [], apiVersion = '', installHint, interactiveMode, provideClusterInfo } = exec
  if (command === '') complain('exec names no command')
  if (apiVersion !== V1 && apiVersion !== V1_BETA) complain(`exec.apiVersion must be ${V1} or ${V1_BETA}`)
  if (interactiveMode === 'Always') {
    complain('exec.interactiveMode Always is not supported: a service has no terminal to ask at')
  } else if (!['Never', 'IfAvailable', ...(apiVersion === V1 ? [] : [undefined])].includes(interactiveMode)) {
    complain('exec.interactiveMode must be Never or IfAvailable')
  }
  return {
    // A name alone is looked up on the PATH.
    command: command.includes('/') ? pathIn(folder, command) : command,
    args,
    env: Object.fromEntries(env.map(({ name, value = '' }) => [name, value])),
    apiVersion,
    installHint,
    cluster: provideClusterInfo ? toldOf(cluster) : undefined,
  }
}

function toldOf(cluster: ClusterFields): Record<string, unknown> {
  const config = cluster.extensions?.find(({ name }) => name === EXEC_EXTENSION)?.extension
  const known = TOLD.filter((name) => cluster[name] !== undefined).map((name) => [name, cluster[name]])
  return { ...Object.fromEntries(known), ...(config === undefined ? {} : { config }) }
}

/** The headers by which a user asks for somebody else's rights. */
export function impersonationOf(fields: UserFields, complain: Complain): ClusterAccess['impersonation'] {
  const { as, 'as-uid': uid, 'as-groups': groups = [], 'as-user-extra': extra = {} } = fields
  const others = {
    ...(uid === undefined ? {} : { 'Impersonate-Uid': [uid] }),
    ...(groups.length === 0 ? {} : { 'Impersonate-Group': groups }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [`Impersonate-Extra-${headerKey(key)}`, values]),
    ),
  }
  if (as !== undefined) return { 'Impersonate-User': [as], ...others }
  if (Object.keys(others).length > 0) complain('as-uid, as-groups and as-user-extra need as')
  return {}
}

/** A header's name has fewer letters than a key of the extras. */
function headerKey(key: string): string {
  return encodeURIComponent(key).replace(/[()]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`)
}
