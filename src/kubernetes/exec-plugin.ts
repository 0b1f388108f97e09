import { spawn } from 'node:child_process'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { codeOf } from './errors.ts'
import type { ExecCommand } from './kubeconfig/access.ts'

/** A program that has not answered by then is killed. Some ask a cloud's token service, slowly. */
const LONGEST_RUN_MS = 60_000
/** Between two runs, whatever they bring: calls that all fail must not start a program each. */
const SHORTEST_INTERVAL_MS = 1000
/** More than any credential has (characters). */
const LONGEST_ANSWER = 1024 * 1024

const AnswerSchema = Type.Object({
  apiVersion: Type.String(),
  status: Type.Object({
    token: Type.Optional(Type.String({ minLength: 1 })),
    clientCertificateData: Type.Optional(Type.String({ minLength: 1 })),
    clientKeyData: Type.Optional(Type.String({ minLength: 1 })),
    expirationTimestamp: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  }),
})

/** What a program has answered. `expires` in milliseconds since 1970; undefined: it does not say. */
export type ExecCredential = {
  token: string | undefined
  certificate: string | undefined
  key: string | undefined
  expires: number | undefined
}

/**
 * Credentials by a program that a kubeconfig names. It is run when there is none that holds, once for all who wait. What it
 * prints is read here only, as it may hold secrets whether it succeeds or fails.
 */
export class ExecPlugin {
  readonly #command: ExecCommand
  readonly #environment: Readonly<Record<string, string | undefined>>
  #last: { at: number; credential: Promise<ExecCredential> } | undefined
  #held: ExecCredential | undefined

  constructor(command: ExecCommand, environment: Readonly<Record<string, string | undefined>>) {
    this.#command = command
    this.#environment = environment
  }

  /** @param ca of the cluster, for programs that are to be told @throws Error without a word that the program has printed */
  credential(ca: string | undefined): Promise<ExecCredential> {
    if (this.#held !== undefined && (this.#held.expires ?? Number.POSITIVE_INFINITY) > Date.now()) {
      return Promise.resolve(this.#held)
    }
    this.#held = undefined
    if (this.#last === undefined || Date.now() - this.#last.at > SHORTEST_INTERVAL_MS) {
      this.#last = { at: Number.POSITIVE_INFINITY, credential: this.#renew(ca) }
    }
    return this.#last.credential
  }

  /** Forgets a credential that the API server does not take. @returns whether another one may be had at once */
  renew(refused: string | undefined): boolean {
    if (this.#held === undefined || this.#held.token !== refused) return true
    if (this.#last !== undefined && Date.now() - this.#last.at <= SHORTEST_INTERVAL_MS) return false
    this.#held = undefined
    return true
  }

  async #renew(ca: string | undefined): Promise<ExecCredential> {
    try {
      const text = await run(this.#command, {
        ...this.#environment,
        ...this.#command.env,
        ...infoFor(this.#command, ca),
      })
      this.#held = credentialIn(text, this.#command.apiVersion)
      return this.#held
    } finally {
      this.#last!.at = Date.now()
    }
  }
}

/** How the program is told what it is to answer. */
function infoFor({ apiVersion, cluster }: ExecCommand, ca: string | undefined): Record<string, string> {
  const authority = ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }
  const spec = { interactive: false, ...(cluster === undefined ? {} : { cluster: { ...cluster, ...authority } }) }
  return { KUBERNETES_EXEC_INFO: JSON.stringify({ apiVersion, kind: 'ExecCredential', spec }) }
}

function run({ command, args, installHint }: ExecCommand, env: Record<string, string | undefined>): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
    const end = (failure: string) => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      // A program that it has started and left behind may keep this open. Missing if the process has no more files to open.
      child.stdout?.destroy()
      reject(new Error(`the credential plugin ${command} ${failure}`))
    }
    child.on('error', (error) => {
      const hint = codeOf(error) === 'ENOENT' && installHint ? `; ${installHint}` : ''
      end(`could not be run: ${codeOf(error)}${hint}`)
    })
    const timer = setTimeout(() => end(`did not end within ${LONGEST_RUN_MS / 1000} s`), LONGEST_RUN_MS).unref()
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      answer += text
      if (answer.length > LONGEST_ANSWER) end('answers more than a credential')
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (code === 0) resolve(answer)
      else end(code === null ? `was ended by ${signal}` : `ended with exit code ${code}`)
    })
  })
}

/** @throws Error that says what is wrong with the answer, and quotes nothing of it */
function credentialIn(text: string, apiVersion: string): ExecCredential {
  const answer = parsed(text)
  if (!Value.Check(AnswerSchema, answer)) throw new Error('the answer of the credential plugin is no ExecCredential')
  if (answer.apiVersion !== apiVersion) throw new Error(`the credential plugin does not answer as ${apiVersion}`)
  const { token, clientCertificateData: certificate, clientKeyData: key, expirationTimestamp } = answer.status
  if (token === undefined && certificate === undefined) throw new Error('the credential plugin answers no credential')
  if ((certificate === undefined) !== (key === undefined)) {
    throw new Error('the credential plugin answers only one of certificate and key')
  }
  const expires = expirationTimestamp ? Date.parse(expirationTimestamp) : undefined
  if (expires !== undefined && !(expires > Date.now())) {
    throw new Error('the credential plugin answers a credential that has expired')
  }
  return { token, certificate, key, expires }
}

function parsed(text: string): Static<typeof AnswerSchema> | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
