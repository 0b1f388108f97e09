export type Bar = { contender: string; atOnce: number; applied: number; perSecond: number }

const WIDTH = 900
const BAR = 20
const SPACE = { left: 210, right: 110, top: 70, between: 6, group: 44, bottom: 40 }
const OURS = '#2c5f8a'
const OTHERS = '#b8c4ce'

/** An SVG with a bar for each contender: how long a create takes until it is applied, alone and many at once. */
export function drawCreates(bars: readonly Bar[]): string {
  const groups = [...Map.groupBy(bars, ({ atOnce }) => atOnce)]
  const longest = Math.max(...bars.map(({ applied }) => applied))
  const width = (ms: number) => (ms / longest) * (WIDTH - SPACE.left - SPACE.right)
  let y = SPACE.top
  const drawn = groups.map(([atOnce, some]) => {
    const title = `<text x="10" y="${y}" font-weight="bold">${atOnce === 1 ? 'one after another' : `${atOnce} at once`}</text>`
    const rows = some.map((bar, index) => drawBar(bar, y + 10 + index * (BAR + SPACE.between), width(bar.applied)))
    y += 10 + some.length * (BAR + SPACE.between) + SPACE.group
    return [title, ...rows].join('\n')
  })
  const height = y - SPACE.group + SPACE.bottom
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<title>Time until a new tenant is applied</title>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="10" y="22" font-size="15" font-weight="bold">Time until all objects of a new tenant are there: the middle of all creates, and tenants a second</text>
<text x="10" y="42" fill="#666">shorter is better</text>
${drawn.join('\n')}
</svg>
`
}

function drawBar({ contender, applied, perSecond }: Bar, y: number, width: number): string {
  const text = y + BAR / 2 + 4
  const fill = contender === 'this service' ? OURS : OTHERS
  return `<text x="${SPACE.left - 8}" y="${text}" text-anchor="end">${contender}</text>
<rect x="${SPACE.left}" y="${y}" width="${Math.max(1, width).toFixed(1)}" height="${BAR}" fill="${fill}"/>
<text x="${(SPACE.left + width + 6).toFixed(1)}" y="${text}" fill="#666">${Math.round(applied)} ms, ${perSecond.toFixed(1)}/s</text>`
}
