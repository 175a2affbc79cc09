import type { Question } from '../quiz.js'
import { always, defineMethod } from './define.js'

/** What the person did in an embedded page of ours. */
export interface ElementDetail {
  readonly method: 'element'
  /** The page's own token. */
  readonly token: string
  /** For a phone: when its code was right. */
  readonly verifiedAt: string | null
  /** For an identity. */
  readonly questions: readonly Question[]
  readonly isAuthenticated: boolean
}

export const element = defineMethod<ElementDetail, never>({ channels: ['phone', 'identity'], isOffered: always })
