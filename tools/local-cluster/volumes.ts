/**
 * The cluster's storage: an external provisioner whose volumes are folders. It runs as a process of its own, started by
 * `up`: volumes.ts <kubeconfig> <folder of the cluster>.
 */
import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
  StorageV1Api,
  type V1PersistentVolume,
  type V1PersistentVolumeClaim,
  type V1StorageClass,
} from '@kubernetes/client-node'
import { folderName, keepOverlaps } from './overlaps.ts'
import { classes, provisioner } from './volume-classes.ts'
import { grow } from './volume-growth.ts'

const [kubeconfig, clusterFolder] = process.argv.slice(2) as [string, string]
const volumesFolder = join(clusterFolder, 'volumes')

const config = new KubeConfig()
config.loadFromFile(kubeconfig)
const core = config.makeApiClient(CoreV1Api)
const storage = config.makeApiClient(StorageV1Api)

await mkdir(volumesFolder, { recursive: true })
for (const body of classes) await storage.createStorageClass({ body }).catch(unless(409))

let change = new AbortController()
const listed = {
  classes: await watch<V1StorageClass>('/apis/storage.k8s.io/v1/storageclasses', () => storage.listStorageClass()),
  claims: await watch<V1PersistentVolumeClaim>('/api/v1/persistentvolumeclaims', () =>
    core.listPersistentVolumeClaimForAllNamespaces(),
  ),
  volumes: await watch<V1PersistentVolume>('/api/v1/persistentvolumes', () => core.listPersistentVolume()),
}

/**
 * Level-triggered: every change, and every second, everything is looked at again. What is done twice, because the watch
 * lags behind, has no effect the second time.
 */
for (;;) {
  await sleep(1000, undefined, { signal: change.signal }).catch(() => {}) // a change ends the sleep by an AbortError
  change = new AbortController()
  for (const claim of listed.claims().filter(isOpen)) await attempt(claim, () => provide(claim))
  for (const volume of listed.volumes().filter(isReleased)) await attempt(volume, () => reclaim(volume))
}

/** Most are not, of many thousands: each turn shall cost what there is to do. */
function isOpen({ spec, status }: V1PersistentVolumeClaim): boolean {
  return status?.phase !== 'Bound' || spec?.resources?.requests?.storage !== status.capacity?.storage
}

function isReleased({ status }: V1PersistentVolume): boolean {
  return status?.phase === 'Released'
}

/** Makes the volume that a claim waits for, or makes it as large as the claim wants it. */
async function provide(claim: V1PersistentVolumeClaim): Promise<void> {
  const storageClass = listed.classes().find((c) => c.metadata?.name === claim.spec?.storageClassName)
  if (storageClass?.provisioner !== provisioner || claim.metadata?.deletionTimestamp) return
  if (claim.status?.phase === 'Bound') return grow(core, claim, storageClass)
  if (claim.spec?.volumeName || !isAskedFor(claim, storageClass)) return
  await provision(claim, storageClass)
}

/** Kubernetes names the provisioner on a claim when it is its turn; with WaitForFirstConsumer also the pod's node. */
function isAskedFor(claim: V1PersistentVolumeClaim, storageClass: V1StorageClass): boolean {
  const annotations = claim.metadata?.annotations ?? {}
  if (annotations['volume.kubernetes.io/storage-provisioner'] !== provisioner) return false
  return storageClass.volumeBindingMode !== 'WaitForFirstConsumer' || selectedNode(claim) !== undefined
}

function selectedNode(claim: V1PersistentVolumeClaim): string | undefined {
  return claim.metadata?.annotations?.['volume.kubernetes.io/selected-node']
}

async function provision(claim: V1PersistentVolumeClaim, storageClass: V1StorageClass): Promise<void> {
  const { uid, name, namespace } = claim.metadata!
  const volume = `pvc-${uid}`
  if (listed.volumes().some(({ metadata }) => metadata?.name === volume)) return // made, but not yet bound
  const path = join(volumesFolder, folderName(claim.metadata!, volume))
  const node = selectedNode(claim)
  await mkdir(path, { recursive: true })
  await chmod(path, 0o777) // the database runs as uid 1000, and mkdir's mode is cut by the umask
  const body: V1PersistentVolume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volume, annotations: { 'pv.kubernetes.io/provisioned-by': provisioner } },
    spec: {
      capacity: { storage: claim.spec!.resources!.requests!.storage! },
      accessModes: claim.spec!.accessModes!,
      storageClassName: storageClass.metadata!.name!,
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: namespace!, name: name!, uid: uid! },
      hostPath: { path, type: 'Directory' },
      ...(node && { nodeAffinity: onlyOn(node) }),
    },
  }
  await core.createPersistentVolume({ body }).catch(unless(409))
}

function onlyOn(node: string) {
  const isNode = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] }
  return { required: { nodeSelectorTerms: [{ matchExpressions: [isNode] }] } }
}

/** Removes the volume of a claim that is gone. */
async function reclaim(volume: V1PersistentVolume): Promise<void> {
  const { name, annotations, deletionTimestamp } = volume.metadata!
  if (deletionTimestamp || annotations?.['pv.kubernetes.io/provisioned-by'] !== provisioner) return
  if (volume.spec?.persistentVolumeReclaimPolicy !== 'Delete') return
  const path = volume.spec.hostPath!.path
  await keepOverlaps(clusterFolder, path)
  await rm(path, { recursive: true, force: true, maxRetries: 3 })
  await core.deletePersistentVolume({ name: name! }).catch(unless(404))
}

/** One object's failure must not hold up the others; it is tried again a second later. */
async function attempt(object: KubernetesObject, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    const { namespace, name } = object.metadata!
    log(namespace ? `${namespace}/${name}` : name!, error)
  }
}

/** Follows a collection; the function that it returns answers what is in it now. */
async function watch<T extends KubernetesObject>(path: string, list: () => Promise<KubernetesListObject<T>>) {
  const informer = makeInformer<T>(config, path, list)
  for (const event of ['add', 'update', 'delete'] as const) informer.on(event, () => change.abort())
  // An informer stops for good at the first error, for instance when the API server is restarted.
  const startAgain = (error: unknown) => {
    log(path, error)
    setTimeout(() => informer.start().catch(startAgain), 500)
  }
  informer.on('error', startAgain)
  await informer.start()
  return () => [...informer.list()]
}

/** An ApiException's message holds the headers too. */
function log(subject: string, error: unknown): void {
  const message = error instanceof ApiException ? `${error.code} ${error.body}` : String(error)
  console.error(new Date().toISOString(), subject, message)
}

/** Takes an answer with this status for success: what was to be done has been done before. */
function unless(status: number): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof ApiException && error.code === status)) throw error
  }
}
