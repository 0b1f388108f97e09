import { namesFor } from '../../manifests/names.ts'
import { isReady, isTerminating } from '../observe/observed.ts'
import { type Case, type Cause, eventsAbout, podOf, secondsSince, statusOf, waitingFor } from './cause.ts'

/** A kill that is longer ago (s) than this is history if the database runs since. */
const RECENT_SECONDS = 3600
/** Ends within ten minutes that are no accident. */
const OFTEN = 3
const DISK_FULL = /no space left on device|ENOSPC|database or disk is full|disk I\/O error/i
/** How long (s) a database that has loaded its data may take to accept connections. */
const SLOW_SECONDS = 60

const secretMissing: Cause = {
  cause: 'secret-missing',
  find(seen) {
    const { spec, observed } = seen
    const { name, key } = spec.desired.options.secret
    const secret = name ?? namesFor(spec.userId).secret
    const waiting = waitingFor(seen, /^CreateContainerConfigError$/)
    const isMissing = spec.committed && observed.secretExists === false && name === null
    if (!isMissing && !waiting) return undefined
    return {
      message: `The Secret ${secret} with the key of the database is missing, or has no entry ${key}.`,
      evidence: [
        ...(isMissing ? [`Secret ${secret}: not found`] : []),
        ...(waiting ? [`container ${waiting.name}: ${waiting.reason}: ${waiting.message}`] : []),
      ],
      action: `Put the Secret ${secret} back with the entry ${key}. Then the database starts by itself.`,
    }
  },
}

const imagePull: Cause = {
  cause: 'image-pull',
  find(seen) {
    const waiting = waitingFor(
      seen,
      /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError)$/,
    )
    if (!waiting) return undefined
    const { repository, tag } = seen.spec.desired.options.image
    return {
      message: `The image of the container ${waiting.name} cannot be pulled.`,
      evidence: [
        `container ${waiting.name}: ${waiting.reason}: ${waiting.message}`,
        ...eventsAbout(seen, /^(Failed|InspectFailed)$/),
      ],
      action: `Correct the option \`image\` (now ${repository}, tag ${tag ?? 'by default'}) by PATCH /tenants/${seen.spec.userId}, or give the node the right and the way to pull it.`,
    }
  },
}

const diskFull: Cause = {
  cause: 'disk-full',
  find({ log = [], spec }) {
    const lines = log.filter((line) => DISK_FULL.test(line))
    if (lines.length === 0) return undefined
    return {
      message: 'The volume of the database is full.',
      evidence: lines.slice(-2),
      action: `Give the tenant more RAM, by which its volume grows to twice that: PATCH /tenants/${spec.userId}/ram.`,
    }
  },
}

const outOfMemory: Cause = {
  cause: 'out-of-memory',
  find(seen) {
    const { state, lastState, restartCount = 0 } = statusOf(seen) ?? {}
    const killed = [state?.terminated, lastState?.terminated].find((ended) => ended?.reason === 'OOMKilled')
    if (!killed) return undefined
    const pod = podOf(seen)
    if (pod && isReady(pod) && secondsSince(seen, killed.finishedAt) > RECENT_SECONDS) return undefined
    const { ramSize } = seen.spec.desired
    return {
      message: `The kernel has killed the database because it needed more than its ${ramSize} of memory.`,
      evidence: [
        `container ended at ${timeOf(killed.finishedAt)}: OOMKilled, exit code ${killed.exitCode}; ${restartCount} restarts`,
      ],
      action: `Give it more RAM: PATCH /tenants/${seen.spec.userId}/ram. What it had not flushed yet is lost.`,
    }
  },
}

const crashLoop: Cause = {
  cause: 'crash-loop',
  find(seen) {
    const status = statusOf(seen)
    const ended = status?.lastState?.terminated ?? status?.state?.terminated
    const isWaiting = waitingFor(seen, /^(CrashLoopBackOff|RunContainerError|CreateContainerError)$/)
    const isOften = (status?.restartCount ?? 0) >= OFTEN && ended && secondsSince(seen, ended.finishedAt) < 600
    if ((!isWaiting && !isOften) || ended?.reason === 'OOMKilled') return undefined
    if (saysDiskFull(seen)) return undefined
    return {
      message: `The container ${isWaiting?.name ?? 'of the database'} ends again and again.`,
      evidence: [
        ...(isWaiting ? [`container ${isWaiting.name}: ${isWaiting.reason}: ${isWaiting.message}`] : []),
        ...(ended
          ? [`it last ended at ${timeOf(ended.finishedAt)}: ${ended.reason}, exit code ${ended.exitCode}`]
          : []),
        ...(seen.log ?? []).slice(-3),
      ],
      action: `Read what it wrote before it ended: GET /tenants/${seen.spec.userId}/logs?previous=true.`,
    }
  },
}

const notListening: Cause = {
  cause: 'not-listening',
  find(seen) {
    const pod = podOf(seen)
    const { state, started } = statusOf(seen) ?? {}
    if (!pod || isReady(pod) || !state?.running || !started) return undefined
    if (isTerminating(pod) || saysDiskFull(seen)) return undefined
    if (secondsSince(seen, state.running.startedAt) < SLOW_SECONDS) return undefined
    return {
      message: 'The database runs and does not accept connections.',
      evidence: [...eventsAbout(seen, /^Unhealthy$/), ...(seen.log ?? []).slice(-3)],
      action: `Read its log: GET /tenants/${seen.spec.userId}/logs. If it hangs, POST /tenants/${seen.spec.userId}/restart.`,
    }
  },
}

/** What keeps the containers of a pod from running. */
export const CONTAINER_CAUSES: readonly Cause[] = [
  secretMissing,
  imagePull,
  diskFull,
  outOfMemory,
  crashLoop,
  notListening,
]

const saysDiskFull = ({ log = [] }: Case) => log.some((line) => DISK_FULL.test(line))
const timeOf = (time: Date | string | undefined) =>
  time === undefined ? 'an unknown time' : new Date(time).toISOString()
