/** How the page looks: the colour scheme and the theme that the embedding page wishes for, as far as they are sound. */
import { applyTheme } from './theme.js'

export type Scheme = 'light' | 'dark'

export interface Looks {
  /** `light`, `dark` or `auto`; anything else is none of them. */
  wishScheme(wish: unknown): void
  wishTheme(wish: unknown): void
  /** Main buttons take the colour of the institution, where the theme says so. */
  wishInstitutionColor(colors: { readonly light: string; readonly dark: string } | null): void
  /** A text of the theme, in place of ours. */
  text(path: string): string | null
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
  let version = 0
  const listeners = new Set<() => void>()
  const apply = () => {
    const scheme: Scheme = wished === 'auto' ? (system.matches ? 'dark' : 'light') : wished
    root.dataset.scheme = scheme
    texts = applyTheme(root, theme, { scheme, institutionColor: institution?.[scheme] ?? null })
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
    text: (path) => texts.get(path) ?? null,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    version: () => version,
  }
}
