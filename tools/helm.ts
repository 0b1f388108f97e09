import { binaries } from './local-cluster/binaries.ts'
import { run } from './local-cluster/run.ts'
import type { Report } from './report.ts'

/** Runs Helm and returns what it printed. Throws with its error output if it fails. */
export async function helm(args: string[], report: Report): Promise<string> {
  return run(await helmProgram(report), args)
}

/** The Helm on PATH if there is one that is new enough; else one built from source, the first time. */
export async function helmProgram(report: Report): Promise<string> {
  const version = await run('helm', ['version', '--template', '{{.Version}}']).catch(() => '')
  return isNewEnough(version) ? 'helm' : (await binaries(['helm'], report)).helm
}

/** 3.14 or later, as the chart is written for; builds call themselves v4.3 as well as v4.3.1. */
function isNewEnough(version: string): boolean {
  const [, major, minor] = version.match(/^v(\d+)\.(\d+)/)?.map(Number) ?? []
  return major !== undefined && minor !== undefined && (major > 3 || (major === 3 && minor >= 14))
}
