/** What this cluster lets this service do, found out and not assumed. */
export type Capabilities = {
  /** Pods can be given other sizes without a restart (Kubernetes 1.33), and this service may do it. */
  resizePods: boolean
  /** ... less memory too (1.34). */
  shrinkPods: boolean
  /** A claim whose volume could not grow may ask for less again (1.34). */
  lowerClaims: boolean
}
