/** Calls to the API server that a service has made for its tenants, from its metrics: not for its Lease, nor for what it asks once. */
export function callsIn(metrics: string): number {
  const counts = metrics.matchAll(/^fluxiondb_provisioner_kubernetes_call_seconds_count\{(.*)\} (\d+)$/gm)
  return [...counts].reduce((sum, [, labels, count]) => (isOfProcess(labels!) ? sum : sum + Number(count)), 0)
}

/** The longest time (ms) that one piece of work has held the event loop since the metrics were asked for before. */
export function longestStallMsIn(metrics: string): number {
  return Number(/^fluxiondb_provisioner_event_loop_delay_seconds (\S+)$/m.exec(metrics)?.[1]) * 1000
}

function isOfProcess(labels: string): boolean {
  return /resource="(leases|version|selfsubject\w+|)"/.test(labels)
}
