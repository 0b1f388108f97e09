import { down, status, up } from './cluster.ts'

const [verb, name = 'dev'] = process.argv.slice(2)
const t = Date.now()
let last = ''
const report = (step: string, detail = '') => {
  if (step !== last) console.log(((Date.now() - t) / 1000).toFixed(1), step, detail)
  last = step
}
if (verb === 'up') console.log(await up({ name, report }))
else if (verb === 'down') await down({ name, report })
else console.log(await status(name))
console.log(((Date.now() - t) / 1000).toFixed(1))
