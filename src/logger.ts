import { type DestinationStream, type Logger, pino } from 'pino'

/**
 * The log: JSON lines. What is logged is chosen where it is logged and holds no secrets; these serializers only keep whole
 * requests and errors of other libraries, which might, from being written out by accident.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: {
        req: ({ method, id }: { method: string; id: string }) => ({ method, id }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
        err: ({ name, stack }: Error) => ({ name, stack }),
      },
    },
    destination ?? pino.destination({ sync: true }),
  )
}
