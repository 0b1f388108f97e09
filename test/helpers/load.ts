/** Clients that send one request after another over connections that they keep open. */
export function startLoad(address: string, key: string, paths: readonly string[]) {
  const failures: string[] = []
  let answered = 0
  let isOver = false
  const client = async (path: string) => {
    while (!isOver) {
      try {
        const answer = await fetch(address + path, { headers: { authorization: `Bearer ${key}` } })
        await answer.arrayBuffer()
        if (answer.ok) answered += 1
        else failures.push(`${path}: ${answer.status}`)
      } catch (error) {
        const { message, cause } = error as Error
        failures.push(`${path}: ${message}: ${(cause as Error | undefined)?.message}`)
      }
    }
  }
  const clients = paths.map(client)
  return {
    /** Ends it. @returns how many requests were answered, and what went wrong with others */
    async stop(): Promise<{ answered: number; failures: string[] }> {
      isOver = true
      await Promise.all(clients)
      return { answered, failures }
    },
  }
}
