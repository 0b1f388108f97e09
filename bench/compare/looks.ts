import { startService } from '../../tools/service.ts'
import { timed } from '../figures.ts'
import { type Keeper, theService } from './contenders.ts'
import { plainRouteRatio } from './plain-route.ts'
import { Rows } from './rows.ts'
import { AT_ONCE, nameOf, type Sizes, type Stage, turnsOf } from './stage.ts'

/** Of one contender in one round. */
const LOOKS = 200
const BY_PROGRAM = 8

/** Looks at one tenant, and at a hundred; and how often a second the service answers, of how often a bare route answers the same. */
export async function looks(stage: Stage, { rounds }: Sizes) {
  const { service, settings, processes } = stage
  const gets = new Rows(processes, { done: 'answered', one: 'looks' })
  const lists = new Rows(processes, { done: 'answered', one: 'lists' })
  // Each replica may know less than another one has acknowledged, unless it asks.
  const asking = await startService(settings)
  try {
    const live: Keeper = { ...theService(asking), name: 'this service, by a read' }
    const looked = (one: Keeper) => nameOf(one === live ? stage.ours : one, 'warm', 0)
    const all = [...stage.keepers, live]
    for (let round = 0; round < rounds; round++) {
      for (const one of turnsOf(all, round)) {
        console.log(`looks, round ${round + 1} of ${rounds}: ${one.name}`)
        for (const atOnce of AT_ONCE) {
          const count = one.isProgram ? Math.max(BY_PROGRAM, atOnce) : LOOKS
          await gets.measure(one, atOnce, count, async () => ({ done: await timed(() => one.get(looked(one))) }))
          await lists.measure(one, atOnce, count, async () => ({ done: await timed(one.list) }))
        }
      }
    }
    const path = `/tenants/${looked(stage.ours)}`
    const ratios = {
      getVsPlainRoute: await plainRouteRatio(service, path),
      getLiveVsPlainRoute: await plainRouteRatio(asking, path),
      listVsPlainRoute: await plainRouteRatio(service, '/tenants?limit=100'),
    }
    return { ratios, gets: gets.shown(), lists: lists.shown() }
  } finally {
    await asking.stop()
  }
}
