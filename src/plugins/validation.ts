import AjvCompiler from '@fastify/ajv-compiler'
import type { FastifyServerOptions } from 'fastify'
import { TOLD_PATTERN } from '../schemas/enumeration.ts'
import { buildSerializer } from './serialization.ts'

/** One for all apps and plugins, as it keeps what it has made. */
const compiler = AjvCompiler()

/**
 * Bodies are taken literally: an unknown field is refused rather than dropped, and 5 is not "5". Query strings and headers
 * hold nothing but text, so these are read as what the schema says.
 */
export const schemaController: FastifyServerOptions['schemaController'] = {
  compilersFactory: {
    buildValidator: ((schemas: unknown, options: { customOptions?: object }) => {
      const strict = {
        removeAdditional: false,
        allErrors: true,
        useDefaults: false,
        keywords: ['example', TOLD_PATTERN],
      }
      const customOptions = { ...options.customOptions, ...strict }
      const literal = compiler(schemas as never, { customOptions: { ...customOptions, coerceTypes: false } } as never)
      const coerced = compiler(
        schemas as never,
        {
          customOptions: { ...customOptions, useDefaults: true, coerceTypes: 'array' },
        } as never,
      )
      return (route: { httpPart?: string }) =>
        route.httpPart === 'body' ? literal(route as never) : coerced(route as never)
    }) as never,
    buildSerializer: buildSerializer as never,
  },
}
