import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import type { Test } from 'tap'
import type { TestCluster } from '../helpers/cluster.ts'
import { startPrefixProxy } from '../helpers/prefix-proxy.ts'
import { SERVICE_IDENTITY } from '../helpers/tenant-objects.ts'

export type Connection = { hand: string; kubeconfig: (t: Test, cluster: TestCluster) => Promise<string> }

/** Ways to the API server that a kubeconfig can describe, all for the same account. */
export const CONNECTIONS: readonly Connection[] = [
  {
    hand: 'the API server behind a path, as Rancher has it',
    kubeconfig: async (t, { serviceKubeconfig }) => (await startPrefixProxy(t, serviceKubeconfig)).kubeconfig,
  },
  {
    hand: 'a kubeconfig with a token',
    kubeconfig: async (t, cluster) => withUser(t, cluster, { token: tokenOf(cluster) }),
  },
  {
    hand: 'a kubeconfig with `tokenFile`',
    kubeconfig: async (t, cluster) => withUser(t, cluster, { tokenFile: 'token' }, { token: tokenOf(cluster) }),
  },
  {
    hand: 'a kubeconfig with a client certificate and impersonation',
    kubeconfig: async (t, cluster) => {
      const { certData, keyData } = userOf(cluster.kubeconfig)
      const certificate = { 'client-certificate-data': certData, 'client-key-data': keyData }
      return withUser(t, cluster, { ...certificate, as: SERVICE_IDENTITY.username })
    },
  },
  {
    hand: 'a kubeconfig with a credential plugin',
    kubeconfig: async (t, cluster) => {
      const apiVersion = 'client.authentication.k8s.io/v1'
      const answer = { apiVersion, kind: 'ExecCredential', status: { token: tokenOf(cluster) } }
      const exec = { apiVersion, interactiveMode: 'Never', command: './plugin.sh' }
      const script = `#!/bin/sh\ncat <<'END'\n${JSON.stringify(answer)}\nEND\n`
      return withUser(t, cluster, { exec }, { 'plugin.sh': script })
    },
  },
]

const tokenOf = (cluster: TestCluster) => userOf(cluster.serviceKubeconfig).token!

function userOf(kubeconfig: string) {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  return config.getCurrentUser()!
}

/** A kubeconfig for this user, beside the files that it names. */
function withUser(t: Test, { kubeconfig }: TestCluster, user: object, files: Record<string, string> = {}): string {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const { server, caData } = config.getCurrentCluster()!
  const folder = t.testdir(files)
  for (const file of Object.keys(files))
    if (readFileSync(join(folder, file), 'utf8').startsWith('#!')) chmodSync(join(folder, file), 0o755)
  const path = join(folder, 'config')
  const content = {
    'current-context': 'a',
    clusters: [{ name: 'a', cluster: { server, 'certificate-authority-data': caData } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    users: [{ name: 'a', user }],
  }
  writeFileSync(path, JSON.stringify(content))
  return path
}
