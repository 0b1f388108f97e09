import type { Sample } from './soak/samples.ts'

const WIDTH = 900
const HEIGHT = 300
const SPACE = { left: 70, right: 70, top: 60, bottom: 50 }

/** An SVG of a process's memory, and of the writes that were asked of it, over time; an outage is grey. */
export function drawMemory(samples: readonly Sample[], outage: { from: number; to: number }): string {
  const end = samples.at(-1)!.seconds
  const most = Math.ceil(Math.max(...samples.map(({ memory }) => memory)) / 100) * 100
  const writes = samples.at(-1)!.writes
  const x = (seconds: number) => SPACE.left + (seconds / end) * (WIDTH - SPACE.left - SPACE.right)
  const y = (part: number) => HEIGHT - SPACE.bottom - part * (HEIGHT - SPACE.top - SPACE.bottom)
  const line = (of: (sample: Sample) => number, color: string) =>
    `<polyline fill="none" stroke="${color}" stroke-width="1.5" points="${samples.map((sample) => `${x(sample.seconds).toFixed(1)},${y(of(sample)).toFixed(1)}`).join(' ')}"/>`
  const text = (at: number, height: number, anchor: string, what: string) =>
    `<text x="${at}" y="${height}" text-anchor="${anchor}" fill="#666">${what}</text>`
  const minutes = Array.from({ length: 7 }, (_, index) => Math.round((end / 60 / 6) * index))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">
<title>Memory of the service under steady load</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="10" y="22" font-size="15" font-weight="bold">Memory of the service (blue, left) and writes asked for (grey, right), by minutes</text>
<text x="10" y="42" fill="#666">shaded: the API server does not answer</text>
<rect x="${x(outage.from).toFixed(1)}" y="${SPACE.top}" width="${(x(outage.to) - x(outage.from)).toFixed(1)}" height="${HEIGHT - SPACE.top - SPACE.bottom}" fill="#eee"/>
${line((sample) => sample.writes / writes, '#b8c4ce')}
${line((sample) => sample.memory / most, '#2c5f8a')}
${[0, 0.5, 1].map((part) => text(SPACE.left - 8, y(part) + 4, 'end', `${most * part} MiB`)).join('\n')}
${[0, 0.5, 1].map((part) => text(WIDTH - SPACE.right + 8, y(part) + 4, 'start', `${Math.round(writes * part)}`)).join('\n')}
${minutes.map((minute) => text(x(minute * 60), HEIGHT - SPACE.bottom + 20, 'middle', `${minute}`)).join('\n')}
</svg>
`
}
