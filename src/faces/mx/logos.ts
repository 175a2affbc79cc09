/** Images of institutions: our own, drawn from their names and colours. */

/** A rounded square with up to two initials, as SVG. */
export function drawing(name: string, color: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const initials = words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('')
  const fill = /^#[0-9A-Fa-f]{6}$/.test(color) ? color : '#374151'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100" role="img">
  <rect width="100" height="100" rx="12" fill="${fill}"/>
  <text x="50" y="53" fill="#fff" font-family="system-ui, sans-serif" font-size="40" font-weight="600"
    text-anchor="middle" dominant-baseline="central">${initials}</text>
</svg>
`
}
