import type { V1Deployment, V1Node, V1Pod } from '@kubernetes/client-node'
import t from 'tap'
import type { Apis } from '../../../../src/kubernetes/connection.ts'
import { KubernetesError } from '../../../../src/kubernetes/errors.ts'
import { gatherFacts } from '../../../../src/tenants/plan/facts.ts'
import type { Change } from '../../../../src/tenants/plan/plan.ts'
import { CAPABILITIES } from '../../../fixtures/tenants.ts'
import { liveClaim, observed, readyPod } from '../../../helpers/observed.ts'
import { LARGE, SMALL } from '../../../helpers/resizing.ts'

const IN_PLACE: Change = { from: SMALL.desired, to: LARGE.desired, strategy: 'auto', force: false }
const RESTART: Change = { ...IN_PLACE, strategy: 'restart' }

const node = (name: string, memory: string): V1Node => ({
  metadata: { name, labels: { zone: name } },
  status: { allocatable: { cpu: '8', memory, pods: '10' }, conditions: [{ type: 'Ready', status: 'True' }] },
})
const other = (nodeName: string, memory: string): V1Pod => ({
  metadata: { uid: `on-${nodeName}` },
  spec: { nodeName, containers: [{ name: 'other', resources: { requests: { memory } } }] },
})

type Cluster = { nodes?: V1Node[]; pods?: V1Pod[]; zone?: string; usage?: object; denied?: string; policy?: Policy }
/** What policies make of a Deployment that is written. */
type Policy = (deployment: V1Deployment) => V1Deployment

/** Stands in for an API server, and takes down which nodes and pods it was asked for. */
function fakeApis({ nodes = [], pods = [], zone, usage, denied, policy = (same) => same }: Cluster) {
  const asked: string[] = []
  const list =
    (what: string, items: object[]) =>
    async (params: { fieldSelector?: string } = {}) => {
      asked.push(`${what} ${params.fieldSelector ?? 'all'}`)
      if (what === denied)
        throw new KubernetesError(403, 'Forbidden', `${what} is forbidden: User "x" cannot list resource "${what}"`)
      const name = /(?:metadata\.name|spec\.nodeName)=([^,]+)/.exec(params.fieldSelector ?? '')?.[1]
      const isIt = ({ metadata, spec }: V1Node & V1Pod) =>
        name === undefined || (spec?.nodeName ?? metadata?.name) === name
      return { items: (items as (V1Node & V1Pod)[]).filter(isIt) }
    }
  const matchExpressions = [{ key: 'zone', operator: 'In', values: [zone] }]
  const affinity = zone ? { required: { nodeSelectorTerms: [{ matchExpressions }] } } : undefined
  const core = {
    listNode: list('nodes', nodes),
    listPodForAllNamespaces: list('pods', pods),
    listNamespacedResourceQuota: list('quotas', []),
    listNamespacedLimitRange: list('ranges', []),
    readPersistentVolume: async () => ({ spec: { nodeAffinity: affinity } }),
  }
  const custom = { getNamespacedCustomObject: async () => usage ?? {} }
  const storage = { readStorageClass: async () => ({ allowVolumeExpansion: true }) }
  const apps = {
    patchNamespacedDeployment: async ({ body, dryRun }: { body: V1Deployment; dryRun?: string }) => {
      if (dryRun !== 'All') throw new Error('facts change nothing')
      asked.push('deployment')
      return policy(structuredClone(body))
    },
  }
  return { asked, apis: { apps, core, custom, storage } as unknown as Apis }
}

const seen = (change = (_: V1Pod) => {}) => {
  const pod = readyPod(SMALL)
  change(pod)
  const claim = liveClaim(SMALL)
  claim.spec!.volumeName = 'volume'
  return observed(SMALL, { pods: [pod], claim })
}
const look = (cluster: Cluster, change: Change, state = seen()) => {
  const { apis, asked } = fakeApis(cluster)
  return gatherFacts(apis, state, change, CAPABILITIES).then((facts) => ({ facts, asked }))
}

t.test('looks at the own node alone for a change in place', async (t) => {
  const nodes = [node('node-1', '4Gi'), node('node-2', '64Gi')]
  const pods = [readyPod(SMALL), other('node-1', '3Gi'), other('node-2', '1Gi')]
  const { facts, asked } = await look({ nodes, pods }, IN_PLACE)
  t.match(facts.node, { ever: true, now: false }, 'the pod itself has left its room, others have not')
  t.equal(facts.placement, undefined)
  t.same(
    asked.filter((one) => /^(nodes|pods)/.test(one)),
    ['nodes metadata.name=node-1', 'pods spec.nodeName=node-1,status.phase!=Succeeded,status.phase!=Failed'],
  )
})

t.test('looks for a node for the new pod where one is needed, its own too', async (t) => {
  const full = { nodes: [node('node-1', '2Gi'), node('node-2', '2Gi')], pods: [other('node-2', '1Gi')] }
  t.match((await look(full, RESTART)).facts.placement, { state: 'fits' })
  const { facts } = await look({ ...full, pods: [...full.pods, other('node-1', '1Gi')] }, RESTART)
  t.match(facts.placement, { state: 'full', nodes: '2 with too little memory left' })
  const small = await look({ nodes: [node('node-1', '1Gi'), node('node-2', '64Gi')] }, IN_PLACE)
  t.match(small.facts, { node: { ever: false }, placement: { state: 'fits' } }, 'as it cannot stay where it is')
})

t.test('looks at no other node where the new pod finds room on the one that it has', async (t) => {
  const reads = async (cluster: Cluster) => {
    const { facts, asked } = await look(cluster, RESTART)
    return [facts.placement?.state, asked.filter((one) => /^(nodes|pods) all|^pods status/.test(one)).length]
  }
  const nodes = [node('node-1', '2Gi'), node('node-2', '64Gi')]
  t.same(await reads({ nodes }), ['fits', 0])
  t.same(await reads({ nodes, pods: [other('node-1', '1Gi')] }), ['fits', 2], 'all are looked at where it does not')
  const cordoned = { ...nodes[0]!, spec: { unschedulable: true } }
  t.same(await reads({ nodes: [cordoned, nodes[1]!] }), ['fits', 2], 'nor where that node takes no new pod')
  t.same(await reads({ nodes: [cordoned] }), ['unusable', 2])
})

t.test('leaves out nodes from which the volume cannot be reached', async (t) => {
  const { facts } = await look({ nodes: [node('node-1', '1Gi'), node('node-2', '64Gi')], zone: 'node-1' }, RESTART)
  t.match(facts.placement, {
    state: 'small',
    nodes: '1 with too little memory in all, 1 out of reach of the volume',
  })
})

t.test('leaves open what it may not see', async (t) => {
  t.match((await look({ denied: 'nodes' }, RESTART)).facts, { node: undefined, placement: undefined })
  t.match((await look({ denied: 'ranges' }, RESTART)).facts.refusals, { objects: [], inPlace: [], restart: [] })
})

t.test("takes the database's own use of memory, whatever runs beside it", async (t) => {
  const containers = [
    { name: 'sidecar', usage: { memory: '9Gi' } },
    { name: 'fluxiondb', usage: { memory: '300Mi' } },
  ]
  t.equal((await look({ usage: { containers } }, IN_PLACE)).facts.usage, 300n * 2n ** 20n)
  t.equal((await look({ usage: { containers: containers.slice(0, 1) } }, IN_PLACE)).facts.usage, undefined)
})

t.test('finds the resources for which the running pod has its container restarted', async (t) => {
  const policy = [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }]
  const state = seen(({ spec }) => {
    spec!.containers[0]!.resizePolicy = policy
  })
  t.same((await look({}, IN_PLACE, state)).facts.restartingResources, ['memory'])
  const template = seen()
  template.deployment!.spec!.template.spec!.containers[0]!.resizePolicy = policy
  t.same((await look({}, IN_PLACE, template)).facts.restartingResources, [], 'its template does not matter')
})

const labelled: Policy = (deployment) => {
  deployment.spec!.template.metadata!.labels!['example.com/team'] = 'platform'
  return deployment
}

t.test('finds out what policies make of the Deployment, and asks only where it is written', async (t) => {
  t.match((await look({}, IN_PLACE)).facts.rewriting, { template: [], essential: [], others: [] })
  t.match((await look({ policy: labelled }, IN_PLACE)).facts.rewriting, {
    template: ['spec.template.metadata.labels.example.com/team'],
    essential: [],
  })
  const smaller: Policy = (deployment) => {
    deployment.spec!.template.spec!.containers[0]!.resources!.limits!.memory = '1Gi'
    return deployment
  }
  t.match((await look({ policy: smaller }, RESTART)).facts.rewriting, {
    essential: ['spec.template.spec.containers[fluxiondb].resources.limits.memory'],
  })
  const sideEffects = () => {
    throw new KubernetesError(400, 'BadRequest', 'admission webhook "x" does not support dry run')
  }
  t.equal((await look({ policy: sideEffects }, IN_PLACE)).facts.rewriting, 'unknown')
  const denies = () => {
    throw new KubernetesError(400, 'BadRequest', 'admission webhook "x" denied the request: not today')
  }
  await t.rejects(look({ policy: denies }, IN_PLACE), { message: /denied the request: not today/ })
  const { facts, asked } = await look({ policy: denies }, { ...IN_PLACE, to: IN_PLACE.from })
  t.equal(facts.rewriting, undefined)
  t.notOk(asked.includes('deployment'))
})

t.test('looks at no node for a pod that is not on one', async (t) => {
  const state = seen(({ spec }) => {
    delete spec!.nodeName
  })
  const { facts, asked } = await look({ nodes: [] }, RESTART, state)
  t.match(facts, { runs: false, node: undefined, placement: undefined })
  t.same(
    asked.filter((one) => /^(nodes|pods)/.test(one)),
    [],
  )
})
