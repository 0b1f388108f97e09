import { binaries } from './local-cluster/binaries.ts'
import { runs } from './local-cluster/run.ts'
import type { Report } from './report.ts'

/** The kubectl on PATH if there is one, else one built from source, the first time. */
export async function kubectlProgram(report: Report): Promise<string> {
  return (await runs('kubectl', ['version', '--client'])) ? 'kubectl' : (await binaries(['kubectl'], report)).kubectl
}
