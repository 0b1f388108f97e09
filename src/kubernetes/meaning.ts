/** What a failure means for whoever asked. Kubernetes says very different things by the same status. */
export type Meaning =
  /** Admission or validation does not want what was asked for, and would say so again. */
  | 'refused'
  /** This service may not do it, or is not known: also for some seconds after an API server has started, until it has its roles. */
  | 'not-allowed'
  | 'not-found'
  /** Somebody else has made, changed or is removing the object. */
  | 'conflict'
  /** No answer, too busy, or a part of the cluster is down: nothing is wrong with the request. */
  | 'unavailable'

/** What a failed call says; words and causes are Kubernetes' own. */
export type Answer = {
  status: number
  words: string
  causes: readonly { reason: string }[]
  /** Whether it was a GET. Admission judges writes only, so a read is forbidden by nobody but the authorizer. */
  isRead: boolean
}

/** A webhook may deny with any status, a policy with 401 and 413 too. */
const DENIED = /admission webhook "[^"]*" denied the request|ValidatingAdmissionPolicy '[^']*'.* denied request/
/** The authorizer's words, and those of the rule that nobody grants more than they have. Admission's begin in other ways. */
const UNAUTHORIZED = /^(\S+( "[^"]*")? is )?forbidden: (User "[^"]*" cannot |user "[^"]*" .*attempting to grant RBAC )/s
/** A quota whose use is not counted yet, and an API server whose admission has not read what it judges by. */
const NOT_READY = /status unknown for quota|not yet ready to handle request/

/** Tells the meaning of an answer of 400 or more, or of none (status 0). */
export function meaningOf({ status, words, causes, isRead }: Answer): Meaning {
  if (status === 0 || status === 429 || status >= 500) return 'unavailable'
  if (DENIED.test(words)) return 'refused'
  switch (status) {
    case 401:
      return 'not-allowed'
    case 403:
      if (NOT_READY.test(words)) return 'unavailable'
      if (causes.some(({ reason }) => reason === 'NamespaceTerminating')) return 'conflict'
      // Without words it is not from admission, which always says who refuses: a proxy's answer, say.
      return isRead || words === '' || UNAUTHORIZED.test(words) ? 'not-allowed' : 'refused'
    case 404:
      return 'not-found'
    case 409:
      return 'conflict'
    default:
      // A read asks for nothing that could be refused: what does not suit it is some proxy's answer.
      return isRead ? 'unavailable' : 'refused'
  }
}

/** Beginnings of answers about Secrets that hold names of the cluster's configuration only, never a word of what was sent. */
const NAMES_ONLY = [
  /^Internal error occurred: (failed calling webhook "[a-z0-9.-]+")/,
  /^(admission webhook "[a-z0-9.-]+" denied the request)/,
  /^secrets(?: "[a-z0-9.-]*")? is forbidden: (ValidatingAdmissionPolicy '[a-z0-9.-]+'|User "[^"]*" cannot [a-z]+ resource "secrets")/,
  /^secrets "[a-z0-9.-]*" is forbidden: (exceeded quota: [a-z0-9.-]+)/,
]

/** Who or what stands behind an answer about a Secret, as far as that can be told without quoting it; undefined if it cannot. */
export function whoRefused(words: string): string | undefined {
  for (const pattern of NAMES_ONLY) {
    const found = pattern.exec(words)?.[1]
    if (found !== undefined) return found
  }
  return undefined
}
