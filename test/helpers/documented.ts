import { readFileSync, writeFileSync } from 'node:fs'

const END = '<!-- end -->'

/** A part of a page of `docs/` that a run writes, between a comment that says which run and an end. */
export function documentedPart(page: string, writtenBy: string) {
  const file = new URL(`../../docs/${page}`, import.meta.url)
  const begin = `<!-- begin: written by \`${writtenBy}\` -->`
  const split = () => {
    const [before = '', rest = ''] = readFileSync(file, 'utf8').split(begin)
    const [part = '', ...after] = rest.split(END)
    return { before, part: part.trim(), after: after.join(END) }
  }
  return {
    read: () => split().part,
    write(part: string): void {
      const { before, after } = split()
      writeFileSync(file, `${before}${begin}\n\n${part}\n\n${END}${after}`)
    },
  }
}
