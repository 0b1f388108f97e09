import { parseArgs } from 'node:util'
import { loadImage } from '../local-cluster/cluster.ts'
import { withProgress } from '../local-cluster/progress.ts'
import { buildServiceImage } from './service.ts'

const usage = `Usage: npm run image -- [--load CLUSTER]

  makes the service's image as an archive for "docker load" or "ctr images import", without Docker
  --load CLUSTER   and gives it to the local cluster of that name`

const { values } = parseArgs({ options: { load: { type: 'string' }, help: { type: 'boolean' } } })

if (values.help) console.log(usage)
else {
  const image = await withProgress(async (report) => {
    const built = await buildServiceImage(report)
    if (values.load !== undefined) await loadImage(values.load, built)
    return built
  })
  console.log(`image    ${image.ref}\narchive  ${image.archive}`)
}
