/** What was measured with so many tenants. */
export type Level = { tenants: string } & Record<Figure, number>

/** The figures, in the order in which they are shown, with their units. */
export const FIGURES = [
  'applied p50 ms',
  'applied by a bare loop p50 ms',
  'ready p50 ms',
  'tenants/s, 8 at once',
  'tenants/s, 32 at once',
  'tenants/s by a bare loop, 8 at once',
  'look p50 ms',
  'page p50 ms',
  'metrics p50 ms',
  'resident MiB',
  'ready after a start s',
  'longest stall ms',
  'calls in an idle minute',
  'resident MiB of the API server',
  'MiB in etcd',
] as const
export type Figure = (typeof FIGURES)[number]
