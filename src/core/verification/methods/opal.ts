import { always, defineMethod } from './define.js'

/** What the person did in the later kind of embedded page. */
export interface OpalDetail {
  readonly method: 'opal'
}

export const opal = defineMethod<OpalDetail, never>({ channels: ['phone', 'identity'], isOffered: always })
