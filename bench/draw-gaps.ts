/** Times in milliseconds from the start of the row. */
export type Row = { title: string; times: number[]; connections: number; changedAt: number; endedAt: number }

const WIDTH = 900
const ROW_HEIGHT = 150
const SPACE = { left: 70, right: 20, top: 60, between: 50, bottom: 50 }
/** The axis of the gaps, logarithmic, in milliseconds. */
const LEAST = 1
const MOST = 100_000
const TICKS: [number, string][] = [
  [1, '1 ms'],
  [10, '10 ms'],
  [100, '100 ms'],
  [1000, '1 s'],
  [10_000, '10 s'],
  [100_000, '100 s'],
]

/** An SVG with a row of gaps for each change, all on one axis of time. */
export function draw(rows: readonly Row[]): string {
  const height = SPACE.top + rows.length * (ROW_HEIGHT + SPACE.between) + SPACE.bottom - SPACE.between
  const end = Math.max(...rows.flatMap(({ times }) => times.at(-1)!))
  const x = (time: number) => SPACE.left + (time / end) * (WIDTH - SPACE.left - SPACE.right)
  const drawn = rows.map((row, index) => drawRow(row, SPACE.top + index * (ROW_HEIGHT + SPACE.between), x))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<title>Time between acknowledgements during changes of RAM</title>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="${SPACE.left}" y="22" font-size="15" font-weight="bold">Time between acknowledgements, for a client that inserts every 5 ms</text>
${drawn.join('\n')}
${timeAxis(end, height - SPACE.bottom, x)}
</svg>
`
}

function drawRow({ title, times, connections, changedAt, endedAt }: Row, top: number, x: (time: number) => number) {
  const y = (gap: number) => {
    const share = Math.log(Math.max(gap, LEAST) / LEAST) / Math.log(MOST / LEAST)
    return top + ROW_HEIGHT * (1 - share)
  }
  const gaps = times.slice(1).map((time, index) => ({ from: times[index]!, to: time, gap: time - times[index]! }))
  const longest = Math.max(...gaps.map(({ gap }) => gap))
  const said = `${title}: longest gap ${textOf(longest)}, ${connections === 1 ? 'one connection' : `${connections} connections`}`
  const grid = TICKS.map(
    ([gap, label]) =>
      `<line x1="${SPACE.left}" x2="${WIDTH - SPACE.right}" y1="${y(gap)}" y2="${y(gap)}" stroke="#e4e4e4"/><text x="${SPACE.left - 8}" y="${y(gap) + 4}" text-anchor="end" fill="#666">${label}</text>`,
  )
  // What lies on the same pixel is hidden by the longest; a path is a tenth of the size of as many elements.
  const columns = Map.groupBy(gaps, ({ to }) => Math.round(x(to)))
  const bars = [...columns].map(([column, ofColumn]) => {
    const longestHere = Math.max(...ofColumn.map(({ gap }) => gap))
    return `M${column} ${top + ROW_HEIGHT}V${y(longestHere).toFixed(1)}`
  })
  const waited = gaps
    .filter(({ gap }) => gap > 1000)
    .map(({ from, to, gap }) => {
      const width = (x(to) - x(from)).toFixed(1)
      return `<rect x="${x(from).toFixed(1)}" y="${y(gap).toFixed(1)}" width="${width}" height="${(top + ROW_HEIGHT - y(gap)).toFixed(1)}" fill="#c0392b" opacity="0.25"/>`
    })
  return `<text x="${SPACE.left}" y="${top - 10}">${said}</text>
${grid.join('\n')}
<rect x="${x(changedAt).toFixed(1)}" y="${top}" width="${(x(endedAt) - x(changedAt)).toFixed(1)}" height="${ROW_HEIGHT}" fill="#f5c542" opacity="0.3"/>
${waited.join('\n')}
<path d="${bars.join('')}" stroke="#2c5f8a" stroke-width="1" fill="none"/>`
}

function timeAxis(end: number, y: number, x: (time: number) => number): string {
  const seconds = Array.from({ length: Math.floor(end / 5000) + 1 }, (_, index) => index * 5)
  const ticks = seconds.map(
    (s) => `<text x="${x(s * 1000).toFixed(1)}" y="${y + 18}" text-anchor="middle" fill="#666">${s} s</text>`,
  )
  const legend = 'yellow: the change, from its request to its end; red: over a second without an acknowledgement'
  return `${ticks.join('\n')}\n<text x="${SPACE.left}" y="${y + 40}" fill="#666">${legend}</text>`
}

function textOf(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
