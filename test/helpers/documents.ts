import { globSync, readFileSync } from 'node:fs'

/** Every page that people read, by its path in the checkout. */
export const PAGES: readonly string[] = globSync(
  ['*.md', 'docs/**/*.md', 'clients/*/README.md', 'fluxionctl/README.md'],
  {
    exclude: (path) => path.includes('node_modules'),
  },
).sort()

/** The shell commands of a page, block by block. */
export function shellBlocks(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, block]) => block!)
}

/** The commands in it: lines without comments, those that go on in the next one put together. */
export function commandsOf(block: string): string[] {
  return block
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}
