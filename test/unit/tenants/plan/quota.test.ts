import type { V1LimitRange, V1ResourceQuota } from '@kubernetes/client-node'
import t from 'tap'
import type { Apis } from '../../../../src/kubernetes/connection.ts'
import { quotaObstacle } from '../../../../src/tenants/plan/quota.ts'
import { LARGE, SMALL } from '../../../helpers/resizing.ts'

type Amounts = Record<string, string>
const quota = (hard: Amounts, used: Amounts = {}): V1ResourceQuota => ({
  metadata: { name: 'theirs' },
  status: { hard, used },
})
const range = (type: string, max: Amounts): V1LimitRange => ({
  metadata: { name: 'theirs' },
  spec: { limits: [{ type, max }] },
})

/** From 1Gi to 2Gi of RAM, CPU and storage with it. */
function obstacle(quotas: V1ResourceQuota[], ranges: V1LimitRange[] = [], from = SMALL, to = LARGE) {
  const core = {
    listNamespacedResourceQuota: async () => ({ items: quotas }),
    listNamespacedLimitRange: async () => ({ items: ranges }),
  }
  return quotaObstacle({ core } as unknown as Apis, 'fluxiondb-user123', from.desired, to.desired)
}

const USED = { 'limits.memory': '1Gi', 'requests.cpu': '500m' }

for (const [what, hard] of [
  ['memory', { 'limits.memory': '2047Mi' }],
  ['CPU', { 'requests.cpu': '740m' }],
] as const) {
  t.test(`is refused by a quota of too little ${what}`, async (t) => {
    t.match(await obstacle([quota(hard, USED)]), /^the quota theirs allows/)
  })
}

t.test('does not count twice what the tenant has already', async (t) => {
  t.equal(await obstacle([quota({ 'limits.memory': '2Gi', 'requests.cpu': '750m' }, USED)]), undefined)
})

t.test('counts what others in the namespace use', async (t) => {
  t.match(await obstacle([quota({ 'limits.memory': '2Gi' }, { 'limits.memory': '1025Mi' })]), /limits\.memory of 2Gi/)
})

t.test('is not refused by a quota of other things, such as our own', async (t) => {
  t.equal(await obstacle([quota({ pods: '1', persistentvolumeclaims: '1' }, { pods: '1' })]), undefined)
})

t.test('is refused by a limit range for containers or pods', async (t) => {
  for (const type of ['Container', 'Pod']) {
    t.match(
      await obstacle([], [range(type, { memory: '1Gi' })]),
      /^the limit range theirs allows at most 1Gi of memory/,
    )
    t.match(await obstacle([], [range(type, { cpu: '1' })]), /at most 1 of CPU/)
    t.equal(await obstacle([], [range(type, { memory: '2Gi', cpu: '1500m' })]), undefined)
  }
  t.equal(await obstacle([], [range('PersistentVolumeClaim', { storage: '1Gi' })]), undefined)
})

t.test('may always ask for less', async (t) => {
  const full = quota({ 'limits.memory': '2Gi' }, { 'limits.memory': '2Gi' })
  t.equal(await obstacle([full], [range('Container', { memory: '2Gi' })], LARGE, SMALL), undefined)
})
