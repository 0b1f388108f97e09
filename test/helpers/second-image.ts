import type { Test } from 'tap'
import { runInside } from '../../tools/local-cluster/sandbox.ts'
import type { TestCluster } from './cluster.ts'

/** Gives the database's image a second name on the local node, until the end of `t`. */
export async function secondNameOf(
  t: Test,
  { image, processes }: TestCluster,
  second = `${image}-again`,
): Promise<string> {
  const ctr = (...args: string[]) => runInside(processes.sandbox!, ['ctr', '--namespace', 'k8s.io', 'images', ...args])
  await ctr('tag', '--force', image, second)
  t.teardown(() => ctr('rm', second))
  return second
}
