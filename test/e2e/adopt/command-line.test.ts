/** `fluxiondb-provisioner adopt`, as an operator runs it against a service. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { testCluster, withoutPods } from '../../helpers/cluster.ts'
import { fluxionctl } from '../../helpers/fluxionctl.ts'
import { originalOf } from '../../helpers/original-chart.ts'
import { serveResizes, tenantAt } from '../../helpers/resized-tenant.ts'

const LAUNCHER = fileURLToPath(new URL('../../../bin/fluxiondb-provisioner.mjs', import.meta.url))

const cluster = await testCluster()
const { apps } = cluster.admin

t.test('all releases that an operator has given', { skip: withoutPods(cluster) }, async (t) => {
  const service = await serveResizes(t, cluster)
  const keyFile = join(t.testdir(), 'key')
  writeFileSync(keyFile, `${service.key}\n`)
  const adopt = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const all = [LAUNCHER, 'adopt', ...args, '--url', service.address, '--key-file', keyFile]
      execFile(process.execPath, all, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
      })
    })

  t.match(await adopt('--all'), { code: 0, stdout: /Nothing to take over/ })
  const first = originalOf(t, cluster, 'cli-a')
  const second = originalOf(t, cluster, 'cli-b', 4)
  const paused = originalOf(t, cluster, 'cli-paused')
  for (const one of [first, second, paused]) {
    await one.install({ 'persistence.size': '1Gi' })
    await one.give()
  }
  const object = { name: paused.fullname, namespace: paused.namespace }
  await apps.patchNamespacedDeployment({ ...object, body: [{ op: 'add', path: '/spec/paused', value: true }] })

  t.test('shows them as a table, with what is in the way, and changes nothing', async (t) => {
    const before = await Promise.all([first, second, paused].map((one) => one.versions()))
    const { code, stdout } = await adopt('--all', '--dry-run')
    t.equal(code, 1, 'one is refused')
    t.match(stdout, new RegExp(`${first.userId} +${first.release} +512Mi +1Gi +10m/1000m +none +possible`))
    t.match(stdout, new RegExp(`${paused.userId} .* refused`))
    t.match(stdout, `${paused.userId}: the Deployment is paused`)
    t.match(stdout, `${first.userId}, ${second.userId}: strategy from RollingUpdate to Recreate`)
    t.strictSame(await Promise.all([first, second, paused].map((one) => one.versions())), before)
  })

  t.test('takes over those that can be, one after the other, and says how each ended', async (t) => {
    const runs = [first, second].map((one) => tenantAt(cluster, service.api, one.userId).runs())
    const before = await Promise.all(runs)
    const { code, stdout } = await adopt('--all')
    t.equal(code, 1, 'one is refused')
    t.match(stdout, `[1/2] ${first.userId}: taken over; restart: none`)
    t.match(stdout, `[2/2] ${second.userId}: taken over; restart: none`)
    for (const [index, one] of [first, second].entries()) {
      const tenant = tenantAt(cluster, service.api, one.userId)
      t.match(await tenant.get(), { state: 'active', adoptedFrom: one.release })
      t.strictSame(await tenant.runs(), before[index])
    }
    t.notMatch(stdout, new RegExp([first, second, paused].map(({ key }) => key).join('|')), 'no key is shown')
  })

  t.test('takes the rest by its name once nothing is in the way', async (t) => {
    await apps.patchNamespacedDeployment({ ...object, body: [{ op: 'replace', path: '/spec/paused', value: false }] })
    t.match(await adopt('--user', paused.userId), { code: 0, stdout: /\[1\/1\].*taken over/ })
  })

  t.test('is offered and taken over by fluxionctl too', async (t) => {
    const third = originalOf(t, cluster, 'cli-ctl')
    await third.install({ 'persistence.size': '1Gi' })
    await third.give()
    const env = { FLUXIONCTL_URL: service.address, FLUXIONCTL_CREDENTIAL: service.key }
    const offered = await fluxionctl(['adoptable'], { env })
    t.match(offered, { code: 0, out: new RegExp(`${third.userId} +${third.release} +512Mi +yes`) })
    const tenant = tenantAt(cluster, service.api, third.userId)
    const before = await tenant.runs()
    const { code, out, err } = await fluxionctl(['adopt', third.userId, '--yes'], { env })
    t.match([code, out], [0, /adopt: done in .*, without a restart/], err)
    t.strictSame(await tenant.runs(), before, 'the same pod and container')
    t.match(
      await fluxionctl(['adoptable'], { env }),
      { code: 0, out: /^ID +RELEASE.*\n$/ },
      'nothing is left to take over',
    )
  })

  t.test('says what is wrong in one line', async (t) => {
    t.match(await adopt('--user', 'nobody'), { code: 2, stderr: /^404 tenant-not-found: .*fluxiondb-nobody/ })
    service.process.kill('SIGKILL')
    t.match(await adopt('--all'), { code: 2, stderr: /^the service at .* does not answer/ })
  })
})
