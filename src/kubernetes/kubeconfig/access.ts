import { clusterPart } from './cluster.ts'
import type { ClusterFields, ContextFields, UserFields } from './schema.ts'
import { impersonationOf, NOBODY, userPart } from './user.ts'

/** PEM or a token as a text, or the file that holds it and may be renewed; `fallback` until that can be read. */
export type Material = { data: string } | { file: string; fallback?: string }

/** A program that is asked for the credential. Its arguments and variables may hold secrets. */
export type ExecCommand = {
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  apiVersion: string
  installHint: string | undefined
  /** What it is told of the cluster, but for the certificate authority; undefined: nothing. */
  cluster: Readonly<Record<string, unknown>> | undefined
}

/** Where the API server is, by what it is known, and who this service is to it. */
export type ClusterAccess = {
  /** Without a slash at its end; with the path, if the API server is behind one. */
  server: string
  ca: Material | undefined
  skipTlsVerify: boolean
  tlsServerName: string | undefined
  proxyUrl: string | undefined
  certificate: Material | undefined
  key: Material | undefined
  token: Material | undefined
  /** Value of the header `Authorization` for a user name and a password. */
  basic: string | undefined
  exec: ExecCommand | undefined
  /** Headers that ask for somebody else's rights; each may be sent several times. */
  impersonation: Readonly<Record<string, readonly string[]>>
}

/** Fields with the folder of the file that says them: paths in them are relative to it. */
export type Located<T> = { fields: T; folder: string }

/** What all files of a kubeconfig say together. */
export type Merged = {
  context: string | undefined
  clusters: Map<string, Located<ClusterFields>>
  users: Map<string, Located<UserFields>>
  contexts: Map<string, ContextFields>
}

export type Complain = (what: string) => void

/** The access that the current context names; and what kubectl would not take either, or is not supported here. */
export function accessOf({ context: name, clusters, users, contexts }: Merged): {
  access?: ClusterAccess
  complaints: string[]
} {
  if (name === undefined) return { complaints: ['there is no current-context'] }
  const context = contexts.get(name)
  if (context === undefined) return { complaints: [`the current-context ${name} is not among the contexts`] }
  const cluster = clusters.get(context.cluster ?? '')
  const user = users.get(context.user ?? '')
  const complaints: string[] = []
  if (cluster === undefined) complaints.push(`context ${name}: there is no cluster ${context.cluster ?? 'named'}`)
  if (user === undefined) complaints.push(`context ${name}: there is no user ${context.user ?? 'named'}`)
  if (cluster === undefined || user === undefined) return { complaints }

  const onUser: Complain = (what) => complaints.push(`user ${context.user}: ${what}`)
  const known = clusterPart(cluster, (what) => complaints.push(`cluster ${context.cluster}: ${what}`))
  const identity = userPart(user, cluster.fields, onUser)
  const impersonation = impersonationOf(user.fields, onUser)
  // As kubectl does: over a connection that anyone can read nobody says who they are, unless the kubeconfig insists.
  const isOpen = known.server.startsWith('http:') && !known.skipTlsVerify
  return { access: { ...known, ...(isOpen ? NOBODY : identity), impersonation }, complaints }
}
