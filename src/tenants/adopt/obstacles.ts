import type { V1Deployment, V1Ingress, V1Service } from '@kubernetes/client-node'
import { covers } from '../../manifests/compare.ts'
import { releaseOf } from '../../manifests/helm.ts'
import { selectorLabels } from '../../manifests/labels.ts'
import { CONTAINER_NAME, DATABASE_PORT, namesFor, SECRET_ENTRY } from '../../manifests/names.ts'
import { bytesOf } from '../../sizing/quantity.ts'
import { isRollDue, isSettled, ownedBy } from '../decide/replica-sets.ts'
import { isTerminating, livePods } from '../observe/observed.ts'
import type { Reason } from '../record/plan.ts'
import { type Database, databaseIn, dataClaim, type Found, hasOwnSecret } from './found.ts'

type Check = (found: Found, database: Database) => string | false | undefined

/**
 * What stands in the way of taking over what is there without a restart and without losing anything, each with what it is about.
 * Pure. Empty: nothing; what is in Secrets is another matter.
 */
export function obstaclesIn(found: Found): Reason[] {
  const release = [...RELEASE].flatMap(([code, check]) => reason(code, check(found)))
  const database = databaseIn(found)
  if (release.length > 0 || database === undefined) {
    return release.length > 0 ? release : reason('NoDatabase', `the Deployment has no container ${CONTAINER_NAME}`)
  }
  return Object.entries(CHECKS).flatMap(([code, check]) => reason(code, check(found, database)))
}

const reason = (code: string, message: string | false | undefined) => (message ? [{ code, message }] : [])

/** Whether this is a release of the chart with the names of a tenant. */
const RELEASE: readonly (readonly [code: string, check: (found: Found) => string | false | undefined])[] = [
  ['NamespaceTerminating', ({ namespace }) => isTerminating(namespace) && 'the namespace is being deleted'],
  [
    'NoDeployment',
    ({ userId, deployment }) =>
      deployment === undefined &&
      `there is no Deployment ${namesFor(userId).fullname}; releases with nameOverride or fullnameOverride are not taken over`,
  ],
  ['NotHelms', ({ deployment }) => deployment && !releaseOf(deployment) && "the Deployment is not Helm's"],
  [
    'OtherRelease',
    ({ userId, deployment }) => {
      const { release } = namesFor(userId)
      const found = releaseOf(deployment)
      return (
        found !== undefined && found !== release && `the release is called ${found}; it would have to be ${release}`
      )
    },
  ],
]

const CHECKS: Readonly<Record<string, Check>> = {
  Terminating: ({ deployment, service, networkPolicy, ingress, claims }) => {
    const going = [deployment, service, networkPolicy, ingress, ...claims].filter((one) => one && isTerminating(one))
    return going.length > 0 && `being deleted: ${going.map((one) => one?.metadata?.name).join(', ')}`
  },
  Selector: ({ userId, deployment }) =>
    !isEqual(deployment!.spec!.selector.matchLabels, selectorLabels(userId)) &&
    `the Deployment selects by ${JSON.stringify(deployment!.spec!.selector.matchLabels)}, which cannot be changed`,
  Replicas: ({ deployment }) =>
    (deployment!.spec!.replicas ?? 1) > 1 && `the Deployment wants ${deployment!.spec!.replicas} pods; it must be 1`,
  Paused: ({ deployment }) => deployment!.spec!.paused && 'the Deployment is paused; resume it first',
  RolloutUnderWay: ({ deployment, replicaSets }) =>
    isRolling(deployment!, ownedBy(deployment!, replicaSets)) &&
    'a rollout is under way, or stuck; it must have ended, as it would start another pod',
  MemoryLimit: (_, { container }) =>
    !bytesOf(container.resources?.limits?.memory) &&
    'the container has no memory limit, so there is no RAM size to keep',
  PodDiffers: ({ userId, pods }, { container }) => {
    const pod = livePods(pods).find(({ metadata }) => covers(metadata?.labels, selectorLabels(userId)))
    const live = pod?.spec?.containers.find(({ name }) => name === CONTAINER_NAME)?.resources
    return (
      live !== undefined &&
      !covers(live, container.resources) &&
      `the pod has other sizes (${JSON.stringify(live)}) than its Deployment gives; make them equal first`
    )
  },
  OtherPods: ({ userId, pods }) => {
    const others = livePods(pods).filter(({ metadata }) => !covers(metadata?.labels, selectorLabels(userId)))
    return others.length > 0 && `the namespace has room for the database only, and holds pods besides: ${names(others)}`
  },
  OtherClaims: (found, { launch }) => {
    const others = found.claims.filter(({ metadata }) => metadata?.name !== launch.volume?.claim)
    return others.length > 0 && `the namespace has room for one claim only, and holds besides: ${names(others)}`
  },
  Claim: (found, database) => {
    const { claim: name } = database.launch.volume ?? {}
    const claim = dataClaim(found, database)
    if (name === undefined) return false
    if (claim === undefined) return `the claim ${name} is missing`
    if (claim.status?.phase === 'Lost') return `the volume of the claim ${name} does not exist any more`
    const owner = releaseOf(claim)
    if (owner !== undefined && owner !== namesFor(found.userId).release) {
      return `the claim ${name} is that of Helm's release ${owner}, which would delete the data when it is uninstalled`
    }
    const { accessModes = [] } = claim.spec ?? {}
    return (
      (accessModes.length !== 1 || accessModes[0] !== 'ReadWriteOnce') &&
      `the claim ${name} is ${JSON.stringify(accessModes)}; it must be ReadWriteOnce`
    )
  },
  DataFolder: (_, { launch: { dataFolder, volume } }) =>
    volume &&
    (volume.subPath || (dataFolder !== undefined && dataFolder !== volume.mountPath)) &&
    `the data is in a folder of the volume (${dataFolder}, mounted at ${volume.mountPath}), where no later pod would look`,
  DataWithoutVolume: (_, { launch: { dataFolder, volume } }) =>
    dataFolder !== undefined && volume === undefined && `the data folder ${dataFolder} is on no volume`,
  Key: ({ userId }, database) => {
    const { key } = database.launch
    if (key === undefined) return 'the key of the database is no entry of a Secret'
    return (
      hasOwnSecret(userId, database) &&
      key.entry !== SECRET_ENTRY &&
      `the key is in entry ${key.entry} of its Secret; it must be ${SECRET_ENTRY}`
    )
  },
  Service: ({ userId, service }, { container }) => service && serviceObstacle(userId, service, container),
  Ingress: ({ userId, ingress }) => ingress && ingressObstacle(userId, ingress),
}

function isRolling(deployment: V1Deployment, owned: ReturnType<typeof ownedBy>): boolean {
  return deployment.spec!.replicas !== 0 && (!isSettled(deployment, owned) || isRollDue(deployment, owned))
}

function serviceObstacle(userId: string, { spec }: V1Service, { ports: own = [] }: Database['container']) {
  const [port, ...others] = spec?.ports ?? []
  if (port === undefined || others.length > 0)
    return `the Service has ${spec?.ports?.length ?? 0} ports; it must be one`
  const target = own.find(({ name }) => name === String(port.targetPort))?.containerPort ?? port.targetPort
  if (String(target) !== String(DATABASE_PORT))
    return `the Service leads to port ${target}; it must be ${DATABASE_PORT}`
  return (
    !isEqual(spec?.selector, selectorLabels(userId)) &&
    `the Service selects by ${JSON.stringify(spec?.selector)}; it must be ${JSON.stringify(selectorLabels(userId))}`
  )
}

function ingressObstacle(userId: string, { spec }: V1Ingress) {
  const { fullname } = namesFor(userId)
  const rules = spec?.rules ?? []
  if (spec?.defaultBackend || rules.some(({ host }) => !host)) return 'the Ingress must name a host in every rule'
  const backends = rules.flatMap(({ http }) => {
    return (http?.paths ?? []).map(({ backend }) => backend.service?.name ?? 'what is no Service')
  })
  const other = backends.find((name) => name !== fullname)
  return other !== undefined && `the Ingress leads to ${other} too`
}

const names = (objects: readonly { metadata?: { name?: string } }[]) =>
  objects.map(({ metadata }) => metadata?.name).join(', ')

function isEqual(map: Record<string, string> | undefined, other: Record<string, string>): boolean {
  return map !== undefined && covers(map, other) && covers(other, map)
}
