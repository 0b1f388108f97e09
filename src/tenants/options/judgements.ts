/** How long (ms) what Kubernetes has accepted counts as accepted for the next one that asks for the same. */
const HOLDS_MS = 2000

type Judgement = { at: number; accepted: Promise<boolean> }

/**
 * What the cluster has accepted a moment ago, so that many creates of the same kind do not each ask anew. One that is still being judged
 * counts for all who ask meanwhile. A refusal counts for nobody else, as its words name the tenant. A policy that is installed within these two
 * seconds shows when the create is carried out, as one does that is installed right after any dry run.
 */
export class Judgements {
  /** The oldest first. */
  readonly #known = new Map<string, Judgement>()

  /** @param what is judged, in words that are the same for the same. @throws what `judge` throws */
  async of(what: string, judge: () => Promise<void>): Promise<void> {
    this.#forgetOld()
    const known = this.#known.get(what)
    if (known !== undefined && (await known.accepted)) return
    const judged = judge()
    const accepted = judged.then(
      () => true,
      () => false,
    )
    this.#known.delete(what)
    this.#known.set(what, { at: performance.now(), accepted })
    await judged
  }

  #forgetOld(): void {
    for (const [what, { at }] of this.#known) {
      if (performance.now() - at < HOLDS_MS) return
      this.#known.delete(what)
    }
  }
}
