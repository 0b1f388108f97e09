import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { binaries } from '../../tools/local-cluster/binaries.ts'
import { signCertificates } from '../../tools/local-cluster/certificates.ts'

type Wanted = Parameters<typeof signCertificates>[2]

/** An authority of its own with what it has signed, in a folder that goes with the test: `ca.crt`, `<name>.crt`, `<name>.key`. */
export async function certificatesFor(folder: string, wanted: Wanted) {
  const { certs } = await binaries(['certs'], () => {})
  await signCertificates(certs, folder, wanted)
  const path = (name: string) => join(folder, name)
  return { path, text: (name: string) => readFileSync(path(name), 'utf8') }
}

/** For a server on this machine, and for a client. */
export const certificates = (t: Test, name: string) =>
  certificatesFor(join(t.testdirName, name), [
    { name: 'server', user: 'server', hosts: ['127.0.0.1', 'localhost'] },
    { name: 'client', user: 'client' },
  ])
