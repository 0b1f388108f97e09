import { type Static, Type } from '@sinclair/typebox'

const Text = Type.Optional(Type.String())
const Flag = Type.Optional(Type.Boolean())
const Texts = Type.Array(Type.String())

/** How a user is proven by a program (client.authentication.k8s.io). */
const Exec = Type.Object({
  command: Text,
  args: Type.Optional(Texts),
  env: Type.Optional(Type.Array(Type.Object({ name: Type.String(), value: Text }))),
  apiVersion: Text,
  installHint: Text,
  interactiveMode: Text,
  provideClusterInfo: Flag,
})

const Cluster = Type.Object({
  server: Text,
  'certificate-authority': Text,
  'certificate-authority-data': Text,
  'insecure-skip-tls-verify': Flag,
  'tls-server-name': Text,
  'proxy-url': Text,
  'disable-compression': Flag,
  extensions: Type.Optional(Type.Array(Type.Object({ name: Type.String(), extension: Type.Optional(Type.Unknown()) }))),
})

const User = Type.Object({
  'client-certificate': Text,
  'client-certificate-data': Text,
  'client-key': Text,
  'client-key-data': Text,
  token: Text,
  tokenFile: Text,
  username: Text,
  password: Text,
  as: Text,
  'as-uid': Text,
  'as-groups': Type.Optional(Texts),
  'as-user-extra': Type.Optional(Type.Record(Type.String(), Texts)),
  exec: Type.Optional(Exec),
  'auth-provider': Type.Optional(Type.Object({ name: Text })),
})

const Context = Type.Object({ cluster: Text, user: Text })

/** The fields of a kubeconfig that kubectl reads. Others are let pass, as kubectl does: tools keep notes of their own there. */
export const KubeconfigSchema = Type.Object({
  clusters: Type.Optional(Type.Array(Type.Object({ name: Type.String(), cluster: Type.Optional(Cluster) }))),
  users: Type.Optional(Type.Array(Type.Object({ name: Type.String(), user: Type.Optional(User) }))),
  contexts: Type.Optional(Type.Array(Type.Object({ name: Type.String(), context: Type.Optional(Context) }))),
  'current-context': Text,
})

export type KubeconfigFile = Static<typeof KubeconfigSchema>
export type ClusterFields = Static<typeof Cluster>
export type UserFields = Static<typeof User>
export type ExecFields = Static<typeof Exec>
export type ContextFields = Static<typeof Context>
