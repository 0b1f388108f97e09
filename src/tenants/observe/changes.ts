/** Calls back at each change in one namespace. Its return ends that. */
export type ChangeSource = { watch(namespace: string, onChange: () => void): () => void }

/** The changes of one namespace, none missed between two calls of next(). */
export function changesOf(source: ChangeSource, namespace: string) {
  let missed = false
  let wake = () => {}
  const end = source.watch(namespace, () => {
    missed = true
    wake()
  })
  return {
    /** Resolves at the next change, or at once if there was one since the last call; at the latest after `atMostMs`. */
    async next(atMostMs: number, signal?: AbortSignal): Promise<void> {
      if (!missed && !signal?.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, atMostMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
          signal?.addEventListener('abort', wake, { once: true })
        })
        signal?.removeEventListener('abort', wake)
      }
      missed = false
    },
    stop(): void {
      end()
      wake()
    },
  }
}
