/** Kubernetes quantities as whole numbers: bytes (bigint) and millicores (number). Nothing here rounds unless its name says so. */

const SIZE = /^(\d+)(?:\.(\d+))?(Ki|Mi|Gi|Ti|k|M|G|T)?$/
/** The grammar of a size, for those who want to know it before they send one. */
export const SIZE_PATTERN = SIZE.source
const BYTES: Record<string, bigint> = {
  '': 1n,
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  k: 10n ** 3n,
  M: 10n ** 6n,
  G: 10n ** 9n,
  T: 10n ** 12n,
}

/** The longest text that is read as a size; every size up to an exbibyte fits, and no input can cost more than this. */
export const MAX_SIZE_LENGTH = 32

/** What is wrong with a size, as a sentence part that follows the value: `"0" must be more than zero`. */
export class QuantityError extends Error {
  override name = 'QuantityError'
}

/**
 * Reads a size such as `512Mi`, `1.5Gi` or `2000000000` into bytes.
 * @throws QuantityError if the text is no such size, is not a whole number of bytes, or is zero
 */
export function parseBytes(text: string): bigint {
  const match = text.length <= MAX_SIZE_LENGTH ? SIZE.exec(text) : null
  if (!match) {
    throw new QuantityError('must be a number with an optional unit Ki, Mi, Gi, Ti, k, M, G or T, such as 512Mi or 2Gi')
  }
  const [, whole = '', fraction = '', unit = ''] = match
  const scale = 10n ** BigInt(fraction.length)
  const scaled = BigInt(whole + fraction) * BYTES[unit]!
  if (scaled % scale !== 0n) throw new QuantityError('must come to a whole number of bytes')
  if (scaled === 0n) throw new QuantityError('must be more than zero')
  return scaled / scale
}

/** Writes bytes in the largest binary unit that is exact, else as plain bytes: `2Gi`, `1536Mi`, `1000000000`. */
export function formatBytes(bytes: bigint): string {
  for (const unit of ['Ti', 'Gi', 'Mi', 'Ki']) {
    if (bytes >= BYTES[unit]! && bytes % BYTES[unit]! === 0n) return `${bytes / BYTES[unit]!}${unit}`
  }
  return String(bytes)
}

/** Writes millicores in the form of our answers: `500m`, `1000m`. */
export function formatMillicores(millicores: number): string {
  return `${millicores}m`
}

const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/
const DECIMAL_EXPONENT: Record<string, number> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const BINARY_EXPONENT: Record<string, bigint> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n }

/**
 * Any quantity that a Kubernetes API server may print, in billionths (its smallest unit), or undefined if the text is none.
 * The server prints one value in many ways (`1000m` comes back as `1`), so objects are compared by this.
 */
export function parseQuantity(text: string): bigint | undefined {
  const match = QUANTITY.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', fraction = '', exponent, unit = ''] = match
  if (whole + fraction === '') return undefined
  const power = 9 - fraction.length + (exponent ? Number(exponent) : (DECIMAL_EXPONENT[unit] ?? 0))
  const digits = BigInt(whole + fraction) * 2n ** (BINARY_EXPONENT[unit] ?? 0n)
  const billionths = power >= 0 ? digits * 10n ** BigInt(power) : digits / 10n ** BigInt(-power)
  return sign === '-' ? -billionths : billionths
}

/** Whole bytes of a quantity that the API server printed; undefined if there is none. */
export function bytesOf(quantity: string | undefined): bigint | undefined {
  const billionths = quantity === undefined ? undefined : parseQuantity(quantity)
  return billionths === undefined ? undefined : billionths / 10n ** 9n
}

/** Whole millicores of a quantity that the API server printed; undefined if there is none. */
export function millicoresOf(quantity: string | undefined): number | undefined {
  const billionths = quantity === undefined ? undefined : parseQuantity(quantity)
  return billionths === undefined ? undefined : Number(billionths / 10n ** 6n)
}
