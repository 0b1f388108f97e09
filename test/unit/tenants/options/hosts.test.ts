import type { V1Ingress } from '@kubernetes/client-node'
import t from 'tap'
import { DEFAULT_OPTIONS } from '../../../../src/manifests/options.ts'
import { takenHosts } from '../../../../src/tenants/options/hosts.ts'

const others = ['a.example.com', '*.b.example.com'].map((host): V1Ingress => ({ spec: { rules: [{ host }] } }))
const ingressOf = (...hosts: string[]) => ({
  ...DEFAULT_OPTIONS.ingress,
  enabled: true,
  hosts: hosts.map((host) => ({ host, paths: [{ path: '/', pathType: 'Prefix' as const }] })),
})

t.test('tells a host that another tenant has, by its name or by one that stands for many', async (t) => {
  const taken = (host: string) => takenHosts(ingressOf('free.example.com', host), [], others).length > 0
  for (const host of ['a.example.com', '*.example.com', 'x.b.example.com', '*.b.example.com']) t.ok(taken(host), host)
  for (const host of ['b.example.com', 'x.a.example.com', 'x.y.b.example.com', '*.a.example.com'])
    t.notOk(taken(host), host)
  t.match(takenHosts(ingressOf('free.example.com', 'a.example.com'), [], others), [
    { pointer: '/options/ingress/hosts/1/host', message: /another tenant/ },
  ])
})

t.test('judges neither a host that the tenant has already, nor one without an Ingress', async (t) => {
  t.same(takenHosts(ingressOf('a.example.com'), ['a.example.com'], others), [])
  t.same(takenHosts({ ...ingressOf('a.example.com'), enabled: false }, [], others), [])
})
