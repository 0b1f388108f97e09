import t from 'tap'
import type { Found } from '../../../../src/tenants/adopt/found.ts'
import { obstaclesIn } from '../../../../src/tenants/adopt/obstacles.ts'
import { foundRelease } from '../../../helpers/found-release.ts'

const templateOf = ({ deployment }: Found) => deployment!.spec!.template.spec!
const containerOf = (found: Found) => templateOf(found).containers[0]!
const other = { metadata: { name: 'other', labels: { app: 'other' } } }

/** What is different from a release that can be taken over, and what is said of it. */
const TABLE: [code: string, said: RegExp, change: Parameters<typeof foundRelease>[0]][] = [
  [
    'NamespaceTerminating',
    /deleted/,
    ({ namespace }) => Object.assign(namespace.metadata!, { deletionTimestamp: new Date(0) }),
  ],
  ['NoDeployment', /db-user123-fluxiondb.*nameOverride/, (found) => Object.assign(found, { deployment: undefined })],
  ['NotHelms', /not Helm's/, ({ deployment }) => Object.assign(deployment!.metadata!, { annotations: {} })],
  [
    'OtherRelease',
    /old.*db-user123/,
    ({ deployment }) => Object.assign(deployment!.metadata!.annotations!, { 'meta.helm.sh/release-name': 'old' }),
  ],
  ['NoDatabase', /container fluxiondb/, (found) => Object.assign(containerOf(found), { name: 'server' })],
  [
    'Selector',
    /"app":"db"/,
    ({ deployment }) => Object.assign(deployment!.spec!.selector, { matchLabels: { app: 'db' } }),
  ],
  ['Replicas', /2 pods/, ({ deployment }) => Object.assign(deployment!.spec!, { replicas: 2 })],
  ['Paused', /resume/, ({ deployment }) => Object.assign(deployment!.spec!, { paused: true })],
  ['RolloutUnderWay', /rollout/, ({ deployment }) => Object.assign(deployment!.status!, { updatedReplicas: 0 })],
  ['MemoryLimit', /no memory limit/, (found) => Object.assign(containerOf(found).resources!, { limits: { cpu: '1' } })],
  ['OtherPods', /other/, ({ pods }) => void pods.push(other)],
  ['OtherClaims', /other/, ({ claims }) => void claims.push(other)],
  ['Claim', /is missing/, ({ claims }) => void claims.splice(0)],
  [
    'Claim',
    /ReadWriteMany.*ReadWriteOnce/,
    ({ claims }) => Object.assign(claims[0]!.spec!, { accessModes: ['ReadWriteMany'] }),
  ],
  [
    'DataFolder',
    /\/data\/below, mounted at \/data/,
    (found) => Object.assign(containerOf(found).env![1]!, { value: '/data/below' }),
  ],
  [
    'DataFolder',
    /folder of the volume/,
    (found) => Object.assign(containerOf(found).volumeMounts![0]!, { subPath: 'below' }),
  ],
  [
    'DataWithoutVolume',
    /on no volume/,
    (found) => {
      found.claims.splice(0)
      Object.assign(containerOf(found), { volumeMounts: [] })
    },
  ],
  [
    'Key',
    /no entry of a Secret/,
    (found) => Object.assign(containerOf(found).env![0]!, { valueFrom: undefined, value: 'plain' }),
  ],
  [
    'Key',
    /entry master.*must be secret-key/,
    (found) => Object.assign(containerOf(found).env![0]!.valueFrom!.secretKeyRef!, { key: 'master' }),
  ],
  ['Service', /2 ports/, ({ service }) => void service!.spec!.ports!.push({ port: 9090 })],
  ['Service', /port 9090/, ({ service }) => Object.assign(service!.spec!.ports![0]!, { targetPort: 9090 })],
  ['Service', /selects by/, ({ service }) => Object.assign(service!.spec!.selector!, { version: '1' })],
  ['Ingress', /name a host/, (found) => Object.assign(found, { ingress: { spec: { rules: [{}] } } })],
  [
    'Ingress',
    /leads to other/,
    (found) =>
      Object.assign(found, {
        ingress: {
          spec: {
            rules: [
              {
                host: 'a.example.com',
                http: { paths: [{ pathType: 'Prefix', backend: { service: { name: 'other' } } }] },
              },
            ],
          },
        },
      }),
  ],
  [
    'Terminating',
    /db-user123/,
    ({ claims }) => Object.assign(claims[0]!.metadata!, { deletionTimestamp: new Date(0) }),
  ],
  ['Terminating', /db-user123/, ({ service }) => Object.assign(service!.metadata!, { deletionTimestamp: new Date(0) })],
  ['MemoryLimit', /no memory limit/, (found) => Object.assign(containerOf(found).resources!.limits!, { memory: '0' })],
  ['Claim', /does not exist any more/, ({ claims }) => Object.assign(claims[0]!.status!, { phase: 'Lost' })],
  [
    'Claim',
    /release other/,
    ({ claims }) => Object.assign(claims[0]!.metadata!.annotations!, { 'meta.helm.sh/release-name': 'other' }),
  ],
  [
    'PodDiffers',
    /make them equal/,
    (found) => {
      const [container] = structuredClone(templateOf(found).containers)
      container!.resources!.limits!.memory = '4Gi'
      found.pods[0]!.spec = { containers: [container!] }
    },
  ],
  [
    'Ingress',
    /no Service/,
    (found) => {
      const paths = [{ pathType: 'Prefix', backend: { resource: { kind: 'Bucket', name: 'a' } } }]
      Object.assign(found, { ingress: { spec: { rules: [{ host: 'a.example.com', http: { paths } }] } } })
    },
  ],
]

t.test('finds nothing in the way of a release as the chart makes it', async (t) => {
  t.strictSame(obstaclesIn(foundRelease()), [])
})

t.test('finds nothing in the way of one that somebody has stopped', async (t) => {
  const stopped = foundRelease(({ deployment, pods }) => {
    Object.assign(deployment!.spec!, { replicas: 0 })
    Object.assign(deployment!.status!, { replicas: undefined, updatedReplicas: undefined })
    pods.splice(0)
  })
  t.strictSame(obstaclesIn(stopped), [])
})

for (const [code, said, change] of TABLE) {
  t.test(`${code}: ${said.source}`, async (t) => {
    t.match(obstaclesIn(foundRelease(change)), [{ code, message: said }])
  })
}

t.test('tells all that is in the way together', async (t) => {
  const found = foundRelease(({ pods, claims }) => {
    pods.push(other)
    claims.push(other)
  })
  t.strictSame(
    obstaclesIn(found).map(({ code }) => code),
    ['OtherPods', 'OtherClaims'],
  )
})

t.test('takes a ReplicaSet of another template for a rollout that is due', async (t) => {
  const found = foundRelease()
  containerOf(found).image = 'another:1'
  t.match(obstaclesIn(found), [{ code: 'RolloutUnderWay' }])
})
