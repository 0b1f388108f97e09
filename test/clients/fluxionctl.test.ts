/** What an operator does with a tenant from a terminal, from its beginning to its end. */
import { join } from 'node:path'
import t from 'tap'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { fluxionctl } from '../helpers/fluxionctl.ts'
import { serveResizes } from '../helpers/resized-tenant.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const cluster = await testCluster()

t.test('the life of a tenant by the command line', { skip: withoutResize(cluster) }, async (t) => {
  const service = await serveResizes(t, cluster)
  const env = { FLUXIONCTL_CONFIG: join(t.testdir(), 'contexts.json') }
  const userId = newUserId(t, cluster, 'ctl')
  const ctl = async (args: string[], input = '') => {
    const { code, out, err } = await fluxionctl(args, { input, env })
    t.equal(code, 0, `fluxionctl ${args.join(' ')}: ${err}`)
    return out + err
  }
  await ctl(['login', service.address], service.key)
  const created = await ctl(['create', userId, '--ram', '128Mi'])
  t.match(created, /✓ ready/)
  t.match(created, /create: done\.\n.*ws:\/\/.*\nIts key/)
  const key = /Its key.*?: (\S+)/.exec(created)?.[1]
  const lines = ['insert story "a document" {"t": 21}', 'query story', 'history story "a document"', 'collections']
  const session = await ctl(['connect', userId, '--kubeconfig', cluster.kubeconfig], lines.join('\n'))
  t.match(session, /^inserted\na document\t\S+Z\t\{"t": 21\}\n\S+Z\t\{"t": 21\}\nstory\n$/)
  t.ok(key && !session.includes(key), 'it shows no key')
  t.match(await ctl(['list']), new RegExp(`${userId} +active +128Mi`))
  t.match(await ctl(['resize', userId, '192Mi', '--yes']), /resize: done in [\d.]+ s, without a restart/)
  t.match(await ctl(['diagnose', userId]), /nothing is found to be wrong/)
  t.match(await ctl(['logs', userId]), /listening/i)
  t.match(await ctl(['events', userId]), /Started/)
  t.match(await ctl(['usage', userId]), /memory +\S+.* of 192\.0 MiB/)
  t.match(await ctl(['set', userId, '{"description": "made by hand"}']), /update: done/)
  t.match(await ctl(['operations', userId]), /update +succeeded[\s\S]*resize +succeeded[\s\S]*create +succeeded/)
  t.match(await ctl(['suspend', userId]), /suspend: done/)
  t.match(await ctl(['get', userId]), /state: suspended/)
  t.match(await ctl(['purge', userId, '--confirm', userId]), /is gone|is being removed/)
})
