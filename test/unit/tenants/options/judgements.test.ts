import t from 'tap'
import { Judgements } from '../../../../src/tenants/options/judgements.ts'

/** A cluster that accepts, or refuses, and counts how often it was asked. */
function aCluster() {
  const asked: string[] = []
  const isRefusing = new Set<string>()
  const judge = (who: string, what: string) => async () => {
    asked.push(who)
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (isRefusing.has(what)) throw new Error(`${who} is refused`)
  }
  return { asked, isRefusing, judge }
}

t.test('asks once for many of the same kind, and for each other kind', async (t) => {
  const judgements = new Judgements()
  const { asked, judge } = aCluster()
  await Promise.all(['a', 'b', 'c'].map((who) => judgements.of('small', judge(who, 'small'))))
  await judgements.of('small', judge('d', 'small'))
  await judgements.of('large', judge('e', 'large'))
  t.same(asked, ['a', 'e'])
})

t.test('tells nobody of the refusal of another, and asks anew after it', async (t) => {
  const judgements = new Judgements()
  const { asked, isRefusing, judge } = aCluster()
  isRefusing.add('small')
  const ended = await Promise.allSettled(['a', 'b'].map((who) => judgements.of('small', judge(who, 'small'))))
  t.match(ended, [{ reason: { message: 'a is refused' } }, { reason: { message: 'b is refused' } }])
  isRefusing.clear()
  await judgements.of('small', judge('c', 'small'))
  t.same(asked, ['a', 'b', 'c'])
})

t.test('asks anew when it is two seconds old', async (t) => {
  const judgements = new Judgements()
  const { asked, judge } = aCluster()
  await judgements.of('small', judge('a', 'small'))
  await new Promise((resolve) => setTimeout(resolve, 2100))
  await judgements.of('small', judge('b', 'small'))
  t.same(asked, ['a', 'b'])
})
