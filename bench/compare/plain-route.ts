import { startBareRoutes } from '../bare-routes.ts'
import { rate } from '../figures.ts'

const REQUESTS = 1000
const IN_PARALLEL = 8

/** How often a second a service answers, of how often a bare Fastify route answers with the same bytes. */
export async function plainRouteRatio(
  { address, key }: { address: string; key: string },
  path: string,
): Promise<number> {
  const ask = async () => {
    const answer = await fetch(address + path, { headers: { authorization: `Bearer ${key}` } })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
    return text
  }
  const bare = await startBareRoutes(await ask())
  const askBare = () => fetch(bare.address, bare.init).then((answer) => answer.text())
  try {
    for (const warm of [ask, askBare]) await rate(IN_PARALLEL, REQUESTS / 5, warm)
    const ours = [await rate(IN_PARALLEL, REQUESTS, ask)]
    const plain = [await rate(IN_PARALLEL, REQUESTS, askBare), await rate(IN_PARALLEL, REQUESTS, askBare)]
    ours.push(await rate(IN_PARALLEL, REQUESTS, ask))
    return (ours[0]! + ours[1]!) / (plain[0]! + plain[1]!)
  } finally {
    await bare.close()
  }
}
