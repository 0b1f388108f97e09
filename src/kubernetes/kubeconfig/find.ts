import { existsSync, readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { delimiter, dirname, join, resolve } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import { LineCounter, parseDocument } from 'yaml'
import { accessOf, type ClusterAccess, type Merged } from './access.ts'
import { type KubeconfigFile, KubeconfigSchema } from './schema.ts'

/** Where a pod finds the account that it runs as. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/** All that is wrong with a kubeconfig, or not supported here, a line each. No line holds a value that could be a secret. */
export class KubeconfigError extends Error {
  override name = 'KubeconfigError'

  constructor(lines: readonly string[]) {
    super(`the kubeconfig cannot be used:\n${lines.map((line) => `  ${line}`).join('\n')}`)
  }
}

/**
 * Finds the way to the API server where kubectl does: in the files that `kubeconfig` lists, else in the home directory, else in
 * the account of the pod. The first file that says something holds; files that are not there are passed over, unless all are.
 * @param kubeconfig one file, or several as KUBECONFIG separates them; empty for none
 * @throws KubeconfigError
 */
export function findAccess(
  kubeconfig: string,
  environment: Readonly<Record<string, string | undefined>>,
  account = ACCOUNT,
): ClusterAccess {
  const { HOME, KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment
  const named = kubeconfig.split(delimiter).filter(Boolean)
  const files = (named.length > 0 ? named : [join(HOME ?? '/', '.kube', 'config')]).filter(existsSync)
  if (files.length > 0) return usable(mergedOf(files))
  if (named.length > 0) throw new KubeconfigError(named.map((file) => `${file}: there is no such file`))
  if (host && port && existsSync(join(account, 'token'))) return usable(inCluster(host, port, account))
  throw new KubeconfigError([
    'KUBECONFIG is not set, there is no .kube/config in the home directory, and this is no pod',
  ])
}

function usable(merged: Merged): ClusterAccess {
  const { access, complaints } = accessOf(merged)
  if (access === undefined || complaints.length > 0) throw new KubeconfigError(complaints)
  return access
}

function mergedOf(files: readonly string[]): Merged {
  const merged: Merged = { context: undefined, clusters: new Map(), users: new Map(), contexts: new Map() }
  for (const file of files) {
    const { clusters = [], users = [], contexts = [], 'current-context': context } = read(file)
    const folder = resolve(dirname(file))
    merged.context ??= context
    for (const { name, cluster = {} } of clusters) setNew(merged.clusters, name, { fields: cluster, folder })
    for (const { name, user = {} } of users) setNew(merged.users, name, { fields: user, folder })
    for (const { name, context = {} } of contexts) setNew(merged.contexts, name, context)
  }
  return merged
}

function setNew<T>(map: Map<string, T>, name: string, value: T): void {
  if (!map.has(name)) map.set(name, value)
}

function read(file: string): KubeconfigFile {
  const content = withoutEmpty(parse(file, readText(file))) ?? {}
  const errors = [...Value.Errors(KubeconfigSchema, content)]
  if (errors.length === 0) return content as KubeconfigFile
  throw new KubeconfigError(errors.map(({ path, message }) => `${file}: ${path || '/'}: ${message.toLowerCase()}`))
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new KubeconfigError([`${file}: cannot be read: ${(error as NodeJS.ErrnoException).code}`])
  }
}

/** The parser's own messages quote the lines around a mistake, which may hold a token. */
function parse(file: string, text: string): unknown {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { version: '1.1', lineCounter, prettyErrors: false, logLevel: 'silent' })
  const [error] = document.errors
  if (error) {
    throw new KubeconfigError([`${file}: line ${lineCounter.linePos(error.pos[0]).line} is not YAML: ${error.code}`])
  }
  try {
    return document.toJS()
  } catch {
    throw new KubeconfigError([`${file}: an alias leads nowhere, or there are too many`])
  }
}

/** Null and the empty text are what tools write for a field that is not set. In a list they stand for themselves. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, one]) => one !== null && one !== '')
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutEmpty(one)]))
}

/** The kubelet renews the token in its file; who runs elsewhere than in a pod has no such account. */
function inCluster(host: string, port: string, folder: string): Merged {
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`
  const name = 'in-cluster'
  return {
    context: name,
    clusters: new Map([[name, { fields: { server, 'certificate-authority': 'ca.crt' }, folder }]]),
    users: new Map([[name, { fields: { tokenFile: 'token' }, folder }]]),
    contexts: new Map([[name, { cluster: name, user: name }]]),
  }
}
