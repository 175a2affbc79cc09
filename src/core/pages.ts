export type { Page, PageRequest } from '../db/pages.js'

import type { Refusal } from './refuse.js'
import { refuse } from './requests/errors.js'

/** The refusal of every list whose cursor names no row of the team. */
export function pageRefusal(): Refusal {
  return refuse('request.unknown_cursor')
}
