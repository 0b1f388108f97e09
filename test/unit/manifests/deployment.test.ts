import t from 'tap'
import { renderDeployment, renderDeploymentKeeping } from '../../../src/manifests/deployment.ts'
import { annotations } from '../../../src/manifests/labels.ts'
import { tenantOf } from '../../../src/tenants/record/spec.ts'
import { CAPABILITIES } from '../../fixtures/tenants.ts'
import { aSpec, liveDeployment } from '../../helpers/observed.ts'

const SIDECAR = { name: 'sidecar', image: 'mesh:1', resources: { limits: { memory: '64Mi' } } }
const LARGER = aSpec({
  generation: 5,
  desired: { ramSize: '4Gi', cpu: { request: '1', limit: '2' } },
  options: { image: { repository: 'new', tag: '2' } },
})

/** A Deployment that an older renderer made, and that another hand has changed since. */
const old = liveDeployment(aSpec(), ({ metadata, spec }) => {
  metadata!.annotations![annotations.renderer] = '0'
  const { template } = spec!
  template.metadata!.annotations!['mesh.example.com/inject'] = 'true'
  template.metadata!.labels!['example.com/team'] = 'blue'
  template.spec!.containers[0]!.image = 'old:1'
  template.spec!.containers[0]!.args = ['--an-old-argument']
  template.spec!.containers.push(SIDECAR)
  template.spec!.priorityClassName = 'high'
})

t.test('keeps the live template and changes only the resources of the database in it', async (t) => {
  const { template } = renderDeploymentKeeping(tenantOf(LARGER, CAPABILITIES), old).spec!
  const expected = structuredClone(old.spec!.template)
  expected.spec!.containers[0]!.resources = {
    requests: { cpu: '1', memory: '4Gi' },
    limits: { cpu: '2', memory: '4Gi' },
  }
  t.strictSame(template, expected)
})

t.test('keeps resources that are not its own, such as scratch space', async (t) => {
  const live = structuredClone(old)
  const scratch = { 'ephemeral-storage': '1Gi' }
  live.spec!.template.spec!.containers[0]!.resources = { limits: { ...scratch, memory: '1Gi' }, requests: scratch }
  const { resources } = renderDeploymentKeeping(tenantOf(LARGER, CAPABILITIES), live).spec!.template.spec!
    .containers[0]!
  t.strictSame(resources, {
    limits: { ...scratch, cpu: '2', memory: '4Gi' },
    requests: { ...scratch, cpu: '1', memory: '4Gi' },
  })
})

t.test('keeps the version of the renderer that made the live template', async (t) => {
  const versionOf = (live = old) =>
    renderDeploymentKeeping(tenantOf(LARGER, CAPABILITIES), live).metadata!.annotations![annotations.renderer]
  t.equal(versionOf(), '0')
  const foreign = liveDeployment(aSpec(), ({ metadata }) => delete metadata!.annotations![annotations.renderer])
  t.equal(versionOf(foreign), 'unknown')
})

t.test('leaves the live object as it was read', async (t) => {
  const before = JSON.stringify(old)
  renderDeploymentKeeping(tenantOf(LARGER, CAPABILITIES), old)
  t.equal(JSON.stringify(old), before)
})

t.test('gives a whole new template none of what the old one had', async (t) => {
  const { template } = renderDeployment(tenantOf(LARGER, CAPABILITIES)).spec!
  t.equal(template.spec?.containers.length, 1)
  t.equal(template.spec?.containers[0]?.image, 'new:2')
  t.equal(template.metadata?.annotations?.['mesh.example.com/inject'], undefined)
})

for (const [kind, render] of [
  ['whole', renderDeployment],
  ['kept', (tenant: Parameters<typeof renderDeployment>[0]) => renderDeploymentKeeping(tenant, old)],
] as const) {
  t.test(`carries the generation of its spec as a fence, with a ${kind} template`, async (t) => {
    t.equal(render(tenantOf(LARGER, CAPABILITIES)).metadata?.annotations?.[annotations.fence], '5')
  })

  t.test(`never runs two pods, and says that it is not paused, with a ${kind} template`, async (t) => {
    t.match(render(tenantOf(LARGER, CAPABILITIES)).spec, {
      replicas: 1,
      strategy: { type: 'Recreate' },
      revisionHistoryLimit: 0,
      paused: false,
    })
  })

  t.test(`has no pod once its tenant is deleted, with a ${kind} template`, async (t) => {
    t.equal(render(tenantOf({ ...LARGER, deletedAt: '2026-01-02T00:00:00.000Z' }, CAPABILITIES)).spec?.replicas, 0)
  })
}
