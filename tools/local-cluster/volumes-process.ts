import { join } from 'node:path'
import { get } from './api.ts'
import { start, waitUntil } from './processes.ts'
import type { State } from './state.ts'
import { classes } from './volume-classes.ts'

/** Starts the volumes process as the user of `own` and waits until its StorageClasses are there. */
export async function startVolumes(state: State, kubeconfig: string, own: string): Promise<void> {
  const program = join(import.meta.dirname, 'volumes.ts')
  const volumes = await start(state, 'volumes', [process.execPath, program, own, state.dir])
  await waitUntil(state, volumes, 30, async () => {
    const found = await get(kubeconfig, '/apis/storage.k8s.io/v1/storageclasses')
    return found?.status === 200 && found.body.items.length >= classes.length
  })
}
