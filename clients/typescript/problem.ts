import type { Problem } from './generated/api.ts'

/** A problem that the service has answered. `code` is for programs, the message for people. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  readonly problem: Problem
  /** Stable, such as `tenant-exists`. */
  readonly code: Problem['code']
  readonly status: number

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
    this.code = problem.code
    this.status = problem.status
  }
}

/**
 * What a call has answered.
 * @throws ProblemError for what the service refuses
 */
export async function unwrap<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call
  if (error !== undefined) throw problemIn(error, response)
  return data as T
}

/** Whatever stands between may answer in words of its own. */
function problemIn(error: unknown, { status }: Response): Error {
  const isProblem = typeof error === 'object' && error !== null && 'code' in error && 'detail' in error
  return isProblem ? new ProblemError(error as Problem) : new Error(`the service answered ${status}`)
}
