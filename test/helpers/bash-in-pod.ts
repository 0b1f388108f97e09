import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Exec, type V1Pod, type V1Status } from '@kubernetes/client-node'
import { CONTAINER_NAME } from '../../src/manifests/names.ts'
import type { TestCluster } from './cluster.ts'

/** Runs a script with bash beside the database and answers what it prints. @throws if it fails */
export async function bashInPod({ admin }: TestCluster, { metadata }: V1Pod, script: string): Promise<string> {
  const output = new PassThrough()
  const printed = text(output)
  const ended = Promise.withResolvers<V1Status>()
  const { name, namespace } = metadata!
  const command = ['/bin/bash', '-c', script]
  const socket = await new Exec(admin.config).exec(
    namespace!,
    name!,
    CONTAINER_NAME,
    command,
    output,
    output,
    null,
    false,
    ended.resolve,
  )
  socket.on('close', () => ended.reject(new Error('the connection closed before the script had ended')))
  const { status, message } = await ended.promise
  output.end()
  if (status !== 'Success') throw new Error(`${message}: ${await printed}`)
  return printed
}
