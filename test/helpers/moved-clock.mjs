/** Loaded before the service: at SIGUSR2 its clock is moved, as by a time server that finds it wrong. MOVED_CLOCK_MS: so far. */

const Real = Date
const by = Number(process.env.MOVED_CLOCK_MS)
let moved = 0

process.on('SIGUSR2', () => {
  moved = by
})

globalThis.Date = class extends Real {
  constructor(...args) {
    super(...(args.length === 0 ? [Real.now() + moved] : args))
  }

  static now() {
    return Real.now() + moved
  }
}
