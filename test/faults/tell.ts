/** The end of `npm run test:faults`: what was kept of the run, as a table. */
import { kept, tableOf } from './table.ts'

console.log(tableOf(kept()))
