import type { V1Lease } from '@kubernetes/client-node'
import t from 'tap'
import { KubernetesError } from '../../../src/kubernetes/errors.ts'
import { ElectedLeader } from '../../../src/kubernetes/leader/leader.ts'
import type { LeaseApi } from '../../../src/kubernetes/leader/lease.ts'
import { createLogger } from '../../../src/logger.ts'

const WHERE = { namespace: 'service', name: 'service' }
/** What the next call of a candidate meets. */
type Fault = 'refused' | 'answer lost' | undefined

/** One Lease as an API server keeps it: changed under its resourceVersion only. */
class FakeLease {
  lease: V1Lease | undefined
  #version = 0

  api(fault: () => Fault = () => undefined): LeaseApi {
    const written = (lease: V1Lease): V1Lease => {
      const met = fault()
      if (met === 'refused') throw unreachable()
      this.lease = { ...lease, metadata: { ...lease.metadata, resourceVersion: `${++this.#version}` } }
      if (met === 'answer lost') throw unreachable()
      return this.lease
    }
    return {
      readNamespacedLease: async () => {
        if (fault() !== undefined) throw unreachable()
        if (this.lease === undefined) throw new KubernetesError(404, 'NotFound', 'there is none')
        return this.lease
      },
      createNamespacedLease: async ({ body }) => {
        if (this.lease !== undefined) throw new KubernetesError(409, 'AlreadyExists', 'it exists')
        return written(body)
      },
      replaceNamespacedLease: async ({ body }) => {
        const isNewest = body.metadata?.resourceVersion === this.lease?.metadata?.resourceVersion
        if (!isNewest) throw new KubernetesError(409, 'Conflict', 'it has changed')
        return written(body)
      },
    }
  }
}

const unreachable = () => new KubernetesError(0, 'Unreachable', 'no answer')

/** Candidates for one Lease, with one clock (s), and what each was told. */
function candidates(...names: string[]) {
  const lease = new FakeLease()
  const time = { s: 0 }
  const faults: Record<string, Fault> = {}
  const told: string[] = []
  const all = names.map((name) => {
    const api = lease.api(() => faults[name])
    const leader = new ElectedLeader(api, WHERE, name, createLogger('silent'), () => time.s * 1000)
    leader.on('gained', () => told.push(`${name} leads`))
    leader.on('lost', () => told.push(`${name} is over`))
    return leader
  })
  return { lease, time, faults, told, all }
}

t.test('one leads, and the other once that one is surely over', async (t) => {
  const { time, told, all, lease } = candidates('a', 'b')
  const [a, b] = all as [ElectedLeader, ElectedLeader]
  await a.attempt()
  for (; time.s < 10; time.s++) {
    await b.attempt()
    t.strictSame([a.leads, b.leads], [true, false], `after ${time.s} s`)
  }
  for (; time.s <= 15; time.s++) {
    await b.attempt()
    t.strictSame([a.leads, b.leads], [false, false], `after ${time.s} s: it has not renewed, and may be about to`)
  }
  await b.attempt()
  t.strictSame([a.leads, b.leads], [false, true])
  await a.attempt()
  t.strictSame([a.leads, b.leads], [false, true])
  t.strictSame(told, ['a leads', 'b leads', 'a is over'])
  t.match(lease.lease?.spec, { holderIdentity: 'b', leaseTransitions: 1, leaseDurationSeconds: 15 })
  await b.stop()
})

t.test('a leader that renews goes on leading, whatever the clocks of machines say', async (t) => {
  const { time, all, lease } = candidates('a', 'b')
  const [a, b] = all as [ElectedLeader, ElectedLeader]
  for (; time.s < 60; time.s += 2) {
    await a.attempt()
    lease.lease = { ...lease.lease!, spec: { ...lease.lease!.spec, renewTime: new Date('2000-01-01') as never } }
    await b.attempt()
    t.strictSame([a.leads, b.leads], [true, false], `after ${time.s} s`)
  }
  await a.stop()
  t.equal(lease.lease?.spec?.holderIdentity, undefined)
  await b.attempt()
  t.ok(b.leads, 'one that stops hands over at once')
  await b.stop()
})

t.test('an answer that is lost costs nothing, and no answer at all ends it in time', async (t) => {
  const { time, all, faults, told } = candidates('a')
  const [a] = all as [ElectedLeader]
  await a.attempt()
  time.s = 2
  faults.a = 'answer lost'
  await a.attempt()
  t.ok(a.leads)
  time.s = 4
  faults.a = undefined
  await a.attempt()
  time.s = 13
  t.ok(a.leads, 'renewed, though its own write was in the way')
  faults.a = 'refused'
  await a.attempt()
  t.ok(a.leads)
  time.s = 15
  await a.attempt()
  t.notOk(a.leads)
  t.strictSame(told, ['a leads', 'a is over'])
})

t.test('two never lead at once, whatever is lost and whoever stands still', async (t) => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = randomOf(seed)
    const { time, all, faults } = candidates('a', 'b', 'c')
    let led = 0
    for (; time.s < 300; time.s++) {
      for (const [index, name] of ['a', 'b', 'c'].entries()) {
        const dice = random()
        faults[name] = dice < 0.1 ? 'refused' : dice < 0.2 ? 'answer lost' : undefined
        // One that stands still for a while tries nothing meanwhile.
        if (random() < (Math.floor(time.s / 40) % 3 === index ? 0.02 : 0.5)) await all[index]!.attempt()
      }
      const leading = all.filter(({ leads }) => leads).length
      if (leading > 1) return t.fail(`seed ${seed}, ${time.s} s: ${leading} lead`)
      led += leading
    }
    if (led < 150) return t.fail(`seed ${seed}: somebody leads in ${led} of 300 s only`)
  }
  t.pass('in 100 runs of five minutes')
})

function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
