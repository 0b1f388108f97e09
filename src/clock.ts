/** The time now as every answer and record writes it: RFC 3339 in UTC. */
export function now(): string {
  return new Date().toISOString()
}

/** The time so many seconds from now. */
export function fromNow(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString()
}
