/**
 * A theme comes from the embedding page, so nothing of it is believed: each member becomes a custom property only when a
 * browser takes it as a value of the property it is for, and no value may load anything. Contract: moneykit/connect §5.
 */
import { MEMBERS, PICTURES, type PictureName, STYLES, TEXTS } from './theme-members.js'

interface Circumstances {
  readonly scheme: 'light' | 'dark'
  /** `#RRGGBB`; null while none is chosen. */
  readonly institutionColor: string | null
}

// A value is never longer in a theme that means well.
const VALUE_CHARACTERS_MAX = 400
const TEXT_CHARACTERS_MAX = 120

/** Sets what is sound and takes away the rest of what was set before; returns the texts, by their paths. */
export function applyTheme(
  root: HTMLElement,
  theme: unknown,
  { scheme, institutionColor }: Circumstances,
): ReadonlyMap<string, string> {
  const read = (path: string) => memberAt(theme, path, scheme)
  const set = (variable: string, value: string | null) => {
    if (value === null) root.style.removeProperty(variable)
    else root.style.setProperty(variable, value)
  }
  for (const { path, variable, property, otherwise } of MEMBERS) {
    set(variable, soundValue(read(path) ?? (otherwise ? read(otherwise) : undefined), property))
  }
  for (const style of STYLES) {
    for (const [member, property] of STYLE_MEMBERS) {
      set(`--${style.variable}-${property}`, soundValue(read(`typography.${style.path}.${member}`), property))
    }
  }
  const wants =
    read('components.button.inheritInstitutionColor') ?? read('components.buttonPrimary.inheritInstitutionColor')
  const main = wants === true ? institutionColor : soundValue(read('colors.accent'), 'color')
  set('--main', main)
  set('--on-main', main === null ? null : contrastTo(root, main))
  root.dataset.separators = separatorsOf(read('components.contentView.separatorStyle'))
  root.dataset.searchAlignment = read('components.searchInput.alignment') === 'center' ? 'center' : 'left'
  return new Map(
    TEXTS.flatMap((path): [string, string][] => {
      const text = read(path)
      return typeof text === 'string' && text.trim() !== '' ? [[path, text.slice(0, TEXT_CHARACTERS_MAX)]] : []
    }),
  )
}

const STYLE_MEMBERS = [
  ['fontFamily', 'font-family'],
  ['size', 'font-size'],
  ['lineHeight', 'line-height'],
  ['letterSpacing', 'letter-spacing'],
  ['weight', 'font-weight'],
] as const

/** The member of a path; of one that differs by scheme, the one for this scheme. */
function memberAt(theme: unknown, path: string, scheme: 'light' | 'dark'): unknown {
  const found = path.split('.').reduce<unknown>((inside, name) => own(inside, name), theme)
  return typeof found === 'object' && found !== null ? own(found, scheme) : found
}

function own(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Readonly<Record<string, unknown>>)[name]
}

/** The value, if it means something as a value of the property and refers to nothing outside; otherwise null. */
export function soundValue(value: unknown, property: string): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? soundValue(String(value), property) : null
  if (typeof value !== 'string' || value.length > VALUE_CHARACTERS_MAX) return null
  if (/[\\;{}<>@]|url|image|src|var\(|env\(|attr\(|\/\*/i.test(value)) return null
  return CSS.supports(property, value) ? value : null
}

/** Pictures of a theme that take the place of ours, once they are there. Those that do not load never do. */
export function loadPictures(
  theme: unknown,
  scheme: 'light' | 'dark',
  onLoad: (name: PictureName, url: string) => void,
): void {
  for (const name of PICTURES) {
    const url = pictureUrl(memberAt(theme, `images.${name}`, scheme))
    if (url === null) continue
    const picture = new Image()
    picture.onload = () => onLoad(name, url)
    picture.src = url
  }
}

/** An address of a picture that may be loaded; one that begins with `/` is of this server. */
function pictureUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 100_000 || !URL.canParse(value, window.location.origin)) return null
  const url = new URL(value, window.location.origin)
  if (url.protocol === 'data:') return /^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/i.test(value) ? url.href : null
  return url.protocol === 'https:' || url.origin === window.location.origin ? url.href : null
}

function separatorsOf(value: unknown): string {
  return value === 'all' || value === 'none' ? value : 'all_except_last'
}

/** Black or white, whichever can be read on the colour. */
function contrastTo(root: HTMLElement, color: string): string | null {
  const probe = document.createElement('span')
  probe.style.color = color
  root.append(probe)
  const parts = getComputedStyle(probe)
    .color.match(/[\d.]+/g)
    ?.map(Number)
  probe.remove()
  if (!parts || parts.length < 3) return null
  const [red = 0, green = 0, blue = 0] = parts.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  // WCAG 2: the luminance at which black and white contrast alike.
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff'
}
