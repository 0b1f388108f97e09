import xterm, { type IBufferCell } from '@xterm/headless'

const COLUMNS = 110
const MOST_ROWS = 400
const CELL = { width: 8.4, height: 19 }
const EDGE = { side: 16, top: 44, bottom: 14 }
const PAPER = '#14181d'
const INK = '#d7dce2'
const FAINT = '#8a94a0'
/** The eight colours of a terminal, then their bright ones. */
const PALETTE = '#14181d #e06c75 #7fbf7f #e0b96a #6aa3e0 #c58fe0 #6ac7c7 #d7dce2'.split(' ')
const BRIGHT = '#8a94a0 #ff8f98 #9fe09f #ffd98a #8ac3ff #e0afff #8ae7e7 #ffffff'.split(' ')

/** Stretches of one colour in a line. */
type Piece = { column: number; text: string; colour: string; isBold: boolean }

/**
 * An SVG of what a terminal shows in the end, where bars and questions have been drawn over each other.
 * @param written by programs, with everything that moves the cursor
 */
export async function pictureOf(title: string, written: string): Promise<string> {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: MOST_ROWS, allowProposedApi: true })
  await new Promise<void>((resolve) => terminal.write(written, resolve))
  const lines = Array.from({ length: MOST_ROWS }, (_, row) => piecesOf(terminal, row))
  const used = lines.slice(0, lines.findLastIndex((pieces) => pieces.length > 0) + 1)
  const width = Math.round(COLUMNS * CELL.width + 2 * EDGE.side)
  const height = EDGE.top + used.length * CELL.height + EDGE.bottom
  const drawn = used.flatMap((pieces, row) => pieces.map((piece) => draw(piece, row)))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">
<title>${escaped(title)}</title>
<rect width="${width}" height="${height}" rx="8" fill="${PAPER}"/>
<text x="${width / 2}" y="24" text-anchor="middle" fill="${FAINT}" font-size="12">${escaped(title)}</text>
${drawn.join('\n')}
</svg>
`
}

function piecesOf({ buffer, cols }: xterm.Terminal, row: number): Piece[] {
  const line = buffer.active.getLine(row)
  const pieces: Piece[] = []
  for (let column = 0; column < cols; column++) {
    const cell = line?.getCell(column)
    const text = cell?.getChars() || ' '
    const [colour, isBold] = [colourOf(cell), Boolean(cell?.isBold())]
    const last = pieces.at(-1)
    if (last && last.colour === colour && last.isBold === isBold) last.text += text
    else pieces.push({ column, text, colour, isBold })
  }
  return pieces.filter(({ text }) => text.trim() !== '')
}

function colourOf(cell: IBufferCell | undefined): string {
  if (cell?.isDim()) return FAINT
  return cell?.isFgPalette() ? ([...PALETTE, ...BRIGHT][cell.getFgColor()] ?? INK) : INK
}

function draw({ column, text, colour, isBold }: Piece, row: number): string {
  const [x, y] = [EDGE.side + column * CELL.width, EDGE.top + (row + 0.75) * CELL.height]
  const shown = text.trimEnd()
  // So wide in every font.
  const length = (shown.length * CELL.width).toFixed(1)
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${colour}"${isBold ? ' font-weight="bold"' : ''} textLength="${length}" xml:space="preserve">${escaped(shown)}</text>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
