/** What a tenant goes through, by requests of its caller; `install`: by Helm, before this service knew of it. */
export type Step = 'create' | 'install' | 'suspend' | 'resume' | 'delete' | 'undelete'

export type Operation = {
  /** What the tenant has gone through before. */
  before: readonly Step[]
  /** The request under fault. */
  request: (path: string, key: string) => readonly [method: string, path: string, body?: object]
  /** What brings its database back, so that its data can be looked at. */
  after: readonly Step[]
}

const of = (before: Operation['before'], request: Operation['request'], after: Operation['after'] = []): Operation => ({
  before,
  request,
  after,
})

export const NEXT_KEY = 'the-next-key-of-a-database'

export const OPERATIONS = {
  create: of([], (path, apiKey) => ['POST', '/tenants', { userId: path.split('/').at(-1), ramSize: '128Mi', apiKey }]),
  'resize in place': of(['create'], (path) => ['PATCH', `${path}/ram`, { ramSize: '192Mi', strategy: 'inPlace' }]),
  'resize by restart': of(['create'], (path) => ['PATCH', `${path}/ram`, { ramSize: '192Mi', strategy: 'restart' }]),
  update: of(['create'], (path) => ['PATCH', path, { options: { podLabels: { team: 'blue' } } }]),
  delete: of(['create'], (path) => ['DELETE', path], ['undelete']),
  undelete: of(['create', 'delete'], (path) => ['POST', `${path}/undelete`]),
  purge: of(['create'], (path) => ['DELETE', `${path}?purge=true`]),
  suspend: of(['create'], (path) => ['POST', `${path}/suspend`], ['resume']),
  resume: of(['create', 'suspend'], (path) => ['POST', `${path}/resume`]),
  'rotate key': of(['create'], (path) => ['POST', `${path}/rotate-key`, { apiKey: NEXT_KEY }]),
  adopt: of(['install'], (path) => ['POST', `${path}/adopt`]),
} satisfies Record<string, Operation>

export type OperationName = keyof typeof OPERATIONS
/** All of them, or those that OPERATIONS names, with commas between. */
const NAMED = process.env.OPERATIONS?.split(',')
export const OPERATION_NAMES = (Object.keys(OPERATIONS) as OperationName[]).filter(
  (name) => NAMED?.includes(name) ?? true,
)
