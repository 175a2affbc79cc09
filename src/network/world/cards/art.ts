/**
 * Pictures of cards: drawn here from the face alone, so that they are the same everywhere and nobody's artwork. A ground
 * of two colours with a pattern, a chip, the card's name and its issuer's; the network is only written.
 */
import type { CardBrand } from '../../port.js'
import { type Chance, chanceOf } from '../chance.js'

// ISO/IEC 7810 ID-1: 85.6 by 53.98 mm, ten points a millimetre
const WIDTH = 856
const HEIGHT = 540

/** The picture of a face as an SVG document of a few kilobytes. */
export function artOf(brand: CardBrand): string {
  const { productNumber, number } = brand
  const chance = chanceOf('card art', productNumber, number)
  const hue = chance.between(0, 359)
  const ink = colour(hue, 30, 96)
  const id = `card-${productNumber}-${number}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escaped(brand.name)}">`,
    `<defs><linearGradient id="${id}-ground" x1="0" y1="0" x2="1" y2="1">`,
    `<stop offset="0" stop-color="${colour(hue, 55, chance.between(20, 32))}"/>`,
    `<stop offset="1" stop-color="${colour(hue + chance.between(20, 70), 50, chance.between(34, 46))}"/>`,
    `</linearGradient><clipPath id="${id}-edge"><rect width="${WIDTH}" height="${HEIGHT}" rx="32"/></clipPath></defs>`,
    `<g clip-path="url(#${id}-edge)"><rect width="${WIDTH}" height="${HEIGHT}" fill="url(#${id}-ground)"/>`,
    `<g fill="none" stroke="${ink}" stroke-opacity="0.16" stroke-width="2">${patternOf(chance)}</g>`,
    chipAt(72, 190),
    text({ x: 72, y: 104, size: 38, fill: ink, anchor: 'start' }, brand.issuerName),
    text({ x: 72, y: 468, size: fitted(brand.name), fill: ink, anchor: 'start' }, brand.name),
    text({ x: WIDTH - 72, y: 104, size: 24, fill: ink, anchor: 'end' }, brand.network),
    '</g></svg>',
  ].join('')
}

const PATTERNS = ['rings', 'waves', 'rays', 'squares'] as const
const LINES = 14

function patternOf(chance: Chance): string {
  const kind = chance.pick(PATTERNS)
  const x = chance.between(400, WIDTH)
  const y = chance.between(0, HEIGHT)
  const step = chance.between(26, 44)
  return Array.from({ length: LINES }, (_, index) => line(kind, { x, y, far: (index + 1) * step })).join('')
}

function line(kind: (typeof PATTERNS)[number], { x, y, far }: { x: number; y: number; far: number }): string {
  switch (kind) {
    case 'rings':
      return `<circle cx="${x}" cy="${y}" r="${far}"/>`
    case 'waves':
      return `<path d="M0 ${far} Q214 ${far - 60} 428 ${far} T856 ${far}"/>`
    case 'rays':
      return `<path d="M${x} ${y} L${far * 2 - 100} ${y > HEIGHT / 2 ? 0 : HEIGHT}"/>`
    case 'squares':
      return `<rect x="${x - far}" y="${y - far}" width="${far * 2}" height="${far * 2}" rx="12"/>`
  }
}

function chipAt(x: number, y: number): string {
  return (
    `<g transform="translate(${x} ${y})"><rect width="104" height="80" rx="14" fill="#d8d2c2"/>` +
    '<path d="M0 28h34v24H0M104 28H70v24h34M34 0v80M70 0v80" fill="none" stroke="#8f8a7c" stroke-width="3"/></g>'
  )
}

interface Lettering {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly fill: string
  readonly anchor: 'start' | 'end'
}

function text({ x, y, size, fill, anchor }: Lettering, content: string): string {
  const font = 'font-family="Helvetica, Arial, sans-serif"'
  return `<text x="${x}" y="${y}" ${font} font-size="${size}" fill="${fill}" text-anchor="${anchor}">${escaped(content)}</text>`
}

/** A size in which the name stays on the card. */
function fitted(name: string): number {
  return Math.max(18, Math.min(44, Math.floor((1.7 * (WIDTH - 144)) / Math.max(1, name.length))))
}

function colour(hue: number, saturation: number, lightness: number): string {
  return `hsl(${hue % 360} ${saturation}% ${lightness}%)`
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
