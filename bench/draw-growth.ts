import type { Figure, Level } from './growth/level.ts'

const WIDTH = 900
const ROW = 22
const SPACE = { left: 240, right: 120, top: 60, group: 34, bottom: 30 }
const COLORS = ['#2c5f8a', '#b8c4ce']
/** What grows, or should not. */
const SHOWN: readonly (readonly Figure[])[] = [
  ['applied p50 ms', 'applied by a bare loop p50 ms'],
  ['ready p50 ms'],
  ['tenants/s, 8 at once', 'tenants/s by a bare loop, 8 at once'],
  ['page p50 ms'],
  ['resident MiB', 'resident MiB of the API server'],
]

/** An SVG with bars for each number of tenants: this service in blue, what it stands beside in grey. */
export function drawGrowth(levels: readonly Level[]): string {
  let y = SPACE.top
  const groups = SHOWN.map((figures) => {
    const longest = Math.max(...figures.flatMap((figure) => levels.map((level) => level[figure])))
    const lines = levels.flatMap((level) =>
      figures.map((figure, index) => {
        y += ROW
        const title = index === 0 ? level.tenants : ''
        return drawBar({ title, value: level[figure], longest, color: COLORS[index]! }, y)
      }),
    )
    const title = `<text x="10" y="${y - lines.length * ROW + 4}" font-weight="bold">${figures[0]}</text>`
    y += SPACE.group
    return [title, ...lines].join('\n')
  })
  const height = y - SPACE.group + SPACE.bottom
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<title>The service as its fleet grows</title>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="10" y="22" font-size="15" font-weight="bold">By the number of tenants: this service (blue) beside a bare loop, or the API server (grey)</text>
${groups.join('\n')}
</svg>
`
}

type Bar = { title: string; value: number; longest: number; color: string }

function drawBar({ title, value, longest, color }: Bar, y: number): string {
  const width = Math.max(1, (value / longest) * (WIDTH - SPACE.left - SPACE.right))
  return `<text x="${SPACE.left - 8}" y="${y + 4}" text-anchor="end">${title}</text>
<rect x="${SPACE.left}" y="${y - 8}" width="${width.toFixed(1)}" height="${ROW - 6}" fill="${color}"/>
<text x="${(SPACE.left + width + 6).toFixed(1)}" y="${y + 4}" fill="#666">${value}</text>`
}
