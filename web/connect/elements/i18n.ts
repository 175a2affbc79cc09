/** The words of the page, in the person's language. */
import i18next from 'i18next'
import { en, type Messages } from './locales/en.js'
import { es } from './locales/es.js'
import { frCA } from './locales/fr-CA.js'

export const LOCALES = { en, es, 'fr-CA': frCA } as const satisfies Readonly<Record<string, Messages>>
export type Locale = keyof typeof LOCALES
export type Key = keyof Messages

export interface Words {
  readonly locale: Locale
  t(key: Key, values?: Readonly<Record<string, string | number>>): string
  money(cents: number): string
  percent(value: number): string
  month(number: number): string
}

/** The first language that somebody reads and the page has; regions count only where a language has none besides. */
export function pickLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0]
    if (language === 'en' || language === 'es') return language
    if (language === 'fr') return 'fr-CA'
  }
  return 'en'
}

/** Throws for a key without words: a defect, which tests of every screen would meet. */
export function wordsIn(locale: Locale): Words {
  const i18n = i18next.createInstance({
    lng: locale,
    fallbackLng: false,
    resources: { [locale]: { translation: LOCALES[locale] } },
    // Keys are whole, and React escapes what it is given.
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    initAsync: false,
    parseMissingKeyHandler: (key) => {
      throw new Error(`The page has no words for ${key} in ${locale}.`)
    },
  })
  void i18n.init()
  const region = locale === 'en' ? 'en-US' : locale === 'es' ? 'es-US' : locale
  const money = new Intl.NumberFormat(region, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' })
  const percent = new Intl.NumberFormat(region, { style: 'percent', maximumFractionDigits: 2 })
  const month = new Intl.DateTimeFormat(region, { month: 'long', timeZone: 'UTC' })
  return {
    locale,
    t: (key, values) => i18n.t(key, values ?? {}),
    money: (cents) => money.format(cents / 100),
    percent: (value) => percent.format(value / 100),
    month: (number) => month.format(Date.UTC(2024, number - 1, 1)),
  }
}
