#!/usr/bin/env node
// A checkout runs the sources as they are, with those of the client; an installed package has no sources.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))
const source = path('../src/main.ts')

if (existsSync(source)) {
  const own = path('../../node_modules/node/bin/node')
  const node = existsSync(own) ? own : process.execPath
  const { status } = spawnSync(node, ['--conditions=source', source, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exitCode = status ?? 1
} else await import('../dist/main.js')
