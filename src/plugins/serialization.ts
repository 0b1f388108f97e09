import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'

type Route = { schema: unknown }
type Serialize = (answer: unknown) => string

const compilerFor = SerializerSelector()
/** By all schemas that may be referred to, then by the schema itself. */
const made = new Map<string, Map<string, Serialize>>()

/**
 * Fastify's own serializers, each made once: it makes one for every answer of every route, though most answers are the same
 * few, and looks each time at every schema there is. That took most of the time of a start.
 */
export function buildSerializer(schemas: unknown, options: unknown) {
  const compile = compilerFor(schemas as never, options as never) as unknown as (route: Route) => Serialize
  const known = memberOf(made, JSON.stringify([schemas, options]), () => new Map<string, Serialize>())
  return (route: Route) => memberOf(known, JSON.stringify(route.schema), () => compile(route))
}

function memberOf<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const found = map.get(key)
  if (found !== undefined) return found
  const value = make()
  map.set(key, value)
  return value
}
