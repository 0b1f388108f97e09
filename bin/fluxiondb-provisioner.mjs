#!/usr/bin/env node
// Starts the command line on a Node that can run it: this one, or the one that comes with the checkout's packages.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))
const source = path('../src/cli.ts')
const built = path('../dist/cli.js')
const own = path('../node_modules/node/bin/node')

// An installed package has no src; a checkout runs it as it is, which Node does from 24.12 on without a warning.
const isCheckout = existsSync(source)
const suffices = isCheckout ? major > 24 || (major === 24 && minor >= 12) : major > 22 || (major === 22 && minor >= 19)

if (suffices) {
  const { main } = await import(isCheckout ? source : built)
  process.exitCode = await main(process.argv.slice(2), process.env)
} else if (existsSync(own)) {
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
} else {
  const needed = isCheckout ? '24.12 or later (or "npm ci" in the checkout)' : '22.19 or later'
  console.error(`fluxiondb-provisioner needs Node ${needed}; this is ${process.versions.node}`)
  process.exitCode = 1
}
