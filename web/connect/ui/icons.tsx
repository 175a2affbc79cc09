/** The icons of the pages that people are led through. */
import { LINES, LineIcon } from '../../line-icon.js'

const PATHS = {
  ...LINES,
  back: 'M19 12H5m6-7-7 7 7 7',
  close: 'M6 6l12 12M18 6 6 18',
  alert: 'M12 8v5m0 3.5v.01M10.3 3.9 2.6 17.5a2 2 0 0 0 1.7 3h15.4a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0Z',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3m-11 0h12a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 18 21H6a1.5 1.5 0 0 1-1.5-1.5v-7A1.5 1.5 0 0 1 6 11Z',
  chevron: 'm9 5 7 7-7 7',
  phone: 'M8 3h8a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 16 21H8a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 8 3Zm3 15h2',
  bank: 'M4 9.5 12 4l8 5.5M5.5 10v7.5m4.3-7.5v7.5m4.4-7.5v7.5m4.3-7.5v7.5M4 20.5h16',
  list: 'M8 6.5h12M8 12h12M8 17.5h12M4 6.5v.01M4 12v.01M4 17.5v.01',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8.5c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
  numbers: 'M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16',
  chart: 'm4 17 5.5-5.5 4 4L20 8m-5 0h5v5',
  mail: 'M4.5 6h15A1.5 1.5 0 0 1 21 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6Zm-1 1.5 8.5 6 8.5-6',
  window: 'M14 4h6v6m0-6-8 8M18 13.5V19a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5.5',
} as const

export interface IconProps {
  readonly name: keyof typeof PATHS
  readonly size?: number
}

export function Icon({ name, size = 20 }: IconProps) {
  return <LineIcon path={PATHS[name]} size={size} />
}
