import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import type { Appliable } from '../../../../src/kubernetes/apply.ts'
import { KubernetesError } from '../../../../src/kubernetes/errors.ts'
import { renderSurroundings } from '../../../../src/manifests/render.ts'
import { type ActDeps, act } from '../../../../src/tenants/reconcile/act.ts'
import { tenantOf } from '../../../../src/tenants/record/spec.ts'
import { CAPABILITIES, SERVICE_IDENTITY } from '../../../fixtures/tenants.ts'
import { aSpec } from '../../../helpers/observed.ts'

const SPEC = aSpec()
const { claim, quota } = renderSurroundings(tenantOf(SPEC, CAPABILITIES), SERVICE_IDENTITY)
const creates = (...objects: Appliable[]) => objects.map((object) => ({ do: 'apply', object }) as const)
const refused = new KubernetesError(422, 'Invalid', 'spec: Forbidden: spec is immutable after creation')
const notFound = new KubernetesError(404, 'NotFound', 'there is no such claim')

/** A fake API server for one pass: `core` alone is asked. */
const depsWith = (core: object) => ({ apis: { core } }) as ActDeps

t.test('ends only when every act has ended, though one has failed', async (t) => {
  let isMade = false
  const deps = depsWith({
    patchNamespacedResourceQuota: async () => Promise.reject(refused),
    patchNamespacedPersistentVolumeClaim: async () => {
      await setTimeout(50)
      isMade = true
      return claim
    },
  })
  await t.rejects(act(deps, SPEC, creates(quota, claim!), new Map()), refused)
  t.ok(isMade, 'a create that is still under way would meet the next one, of other sizes')
})

t.test('a claim that another replica has made meanwhile is read, and refuses nothing', async (t) => {
  const deps = (read: () => Promise<unknown>) =>
    depsWith({
      patchNamespacedPersistentVolumeClaim: async () => Promise.reject(refused),
      readNamespacedPersistentVolumeClaim: read,
    })
  t.equal(
    await act(
      deps(async () => claim),
      SPEC,
      creates(claim!),
      new Map(),
    ),
    true,
  )
  await t.rejects(
    act(
      deps(async () => Promise.reject(notFound)),
      SPEC,
      creates(claim!),
      new Map(),
    ),
    refused,
  )
})
