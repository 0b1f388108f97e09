import { WHOLE } from '../helpers/whole.ts'
import type { Reach } from './search.ts'

/** From where, and how deep: in `npm test`, and in `npm run test:faults`. */
export const REACHES: readonly Reach[] = WHOLE
  ? [
      { from: 'alone', depth: 8 },
      { from: 'both', depth: 3 },
      { from: 'late', depth: 2 },
      { from: 'stalled', depth: 2 },
    ]
  : [
      { from: 'alone', depth: 4 },
      { from: 'late', depth: 1 },
      { from: 'stalled', depth: 1 },
    ]
