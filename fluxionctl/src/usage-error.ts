/** A command line that cannot be understood, or that asks for what only a person at a terminal can confirm. */
export class UsageError extends Error {
  override name = 'UsageError'
}
