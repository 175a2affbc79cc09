/** How the page looks: the colour scheme and the theme that the embedding page wishes for, as far as they are sound. */
import { applyTheme, loadPictures } from './theme.js'
import { PICTURES, type PictureName } from './theme-members.js'

export type Scheme = 'light' | 'dark'

export interface Looks {
  /** `light`, `dark` or `auto`; anything else is none of them. */
  wishScheme(wish: unknown): void
  wishTheme(wish: unknown): void
  /** Main buttons take the colour of the institution, where the theme says so. */
  wishInstitutionColor(colors: { readonly light: string; readonly dark: string } | null): void
  /** A text of the theme, in place of ours. */
  text(path: string): string | null
  /** The address of a picture of the theme, in place of ours. */
  readonly picture: (name: PictureName) => string | null
  subscribe(listener: () => void): () => void
  /** Changes with everything above. */
  version(): number
}

export function openLooks(root: HTMLElement): Looks {
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  let wished: Scheme | 'auto' = 'auto'
  let theme: unknown = null
  let institution: { readonly light: string; readonly dark: string } | null = null
  let texts: ReadonlyMap<string, string> = new Map()
  let pictures: ReadonlyMap<PictureName, string> = new Map()
  // Which scheme and theme they are of.
  let picturesOf = ''
  let version = 0
  const listeners = new Set<() => void>()
  const apply = () => {
    const scheme: Scheme = wished === 'auto' ? (system.matches ? 'dark' : 'light') : wished
    root.dataset.scheme = scheme
    texts = applyTheme(root, theme, { scheme, institutionColor: institution?.[scheme] ?? null })
    tell()
    const wanted = `${scheme} ${JSON.stringify(theme)}`
    if (wanted === picturesOf) return
    picturesOf = wanted
    const loaded = new Map<PictureName, string>()
    pictures = loaded
    for (const name of PICTURES) showPicture(root, name, null)
    loadPictures(theme, scheme, (name, url) => {
      loaded.set(name, url)
      if (pictures === loaded) showPicture(root, name, url)
      tell()
    })
  }
  const tell = () => {
    version++
    for (const listener of listeners) listener()
  }
  system.addEventListener('change', apply)
  apply()
  return {
    wishScheme(wish) {
      if (wish !== 'light' && wish !== 'dark' && wish !== 'auto') return
      wished = wish
      apply()
    },
    wishTheme(wish) {
      theme = wish
      apply()
    },
    wishInstitutionColor(colors) {
      if (institution?.light === colors?.light) return
      institution = colors
      apply()
    },
    picture: (name) => pictures.get(name) ?? null,
    text: (path) => texts.get(path) ?? null,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    version: () => version,
  }
}

/** For pictures that style sheets show, in controls that are not ours to fill. */
function showPicture(root: HTMLElement, name: PictureName, url: string | null): void {
  const key = `picture-${name.toLowerCase()}`
  root.toggleAttribute(`data-${key}`, url !== null)
  const quoted = url?.replaceAll('\\', '%5C').replaceAll('"', '%22')
  if (quoted === undefined) root.style.removeProperty(`--${key}`)
  else root.style.setProperty(`--${key}`, `url("${quoted}")`)
}
