import { Listr, type ListrTaskWrapper } from 'listr2'
import type { Report } from '../report.ts'

// biome-ignore lint/suspicious/noExplicitAny: listr2's renderers; whichever is in use
type Task = ListrTaskWrapper<unknown, any, any>

/** Shows steps while `work` reports them: live on a terminal, else a line per step. */
export async function withProgress<T>(work: (report: Report) => Promise<T>): Promise<T> {
  return process.stdout.isTTY ? onTerminal(work) : work(inLines())
}

function inLines(): Report {
  let current: string | undefined
  return (step, detail) => {
    // Details change by the hundred during a build.
    if (step !== current) console.log(detail ? `${step}: ${detail}` : step)
    current = step
  }
}

/** Whoever calls tells the error, once. */
const quiet = { rendererOptions: { showErrorMessage: false } }

/** One list per step, as listr2 wants to know its tasks at the start, and here the steps come as they come. */
async function onTerminal<T>(work: (report: Report) => Promise<T>): Promise<T> {
  let current: { step: string; task: Promise<Task>; end: (error?: Error) => void; ended: Promise<unknown> } | undefined
  let shown: Promise<unknown> = Promise.resolve()

  const begin = (step: string) => {
    current?.end()
    const task = Promise.withResolvers<Task>()
    const done = Promise.withResolvers<void>()
    const run = (wrapper: Task) => {
      task.resolve(wrapper)
      return done.promise
    }
    done.promise.catch(() => {}) // it may be rejected before the list begins to wait for it
    const ended = shown.then(() => new Listr([{ title: step, task: (_, wrapper) => run(wrapper) }], quiet).run())
    shown = ended.catch(() => {}) // told by `work`
    return { step, task: task.promise, end: (error?: Error) => (error ? done.reject(error) : done.resolve()), ended }
  }

  const report: Report = (step, detail = '') => {
    if (current?.step !== step) current = begin(step)
    current.task.then((task) => {
      task.output = detail
    })
  }

  try {
    const result = await work(report)
    current?.end()
    await shown
    return result
  } catch (error) {
    current?.end(error as Error)
    await shown
    throw error
  }
}
