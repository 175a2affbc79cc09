import { newId, type SnaLinkId } from '../../ids.js'
import { always, defineMethod } from './define.js'

/** Silent network authentication: the phone opens a link over its mobile data, and the network says whose phone that was. */
export interface SnaDetail {
  readonly method: 'sna'
  readonly linkIds: readonly SnaLinkId[]
  /** How often the links were opened, together. */
  readonly openings: number
  /** What the network said at the last opening; null before the first. */
  readonly isConfirmed: boolean | null
}

export interface SnaSubmission {
  readonly method: 'sna'
}

const LINKS = 2 // contract: method/entities §2.3.2
export const OPENINGS_MAX = 5 // contract: method/entities §2.3.2

export const sna = defineMethod<SnaDetail, SnaSubmission>({
  channels: ['phone'],
  isOffered: always,
  caller: {
    async begin({ chance }) {
      const linkIds = Array.from({ length: LINKS }, () => newId<SnaLinkId>(chance))
      return { detail: { method: 'sna', linkIds, openings: 0, isConfirmed: null }, secret: null, isVerified: false }
    },
    answered: {
      failure: 'phone_unconfirmed',
      missing: { member: 'sna', rule: 'must be an object.' },
      judge({ team }, { detail }) {
        // In development the phone is taken to have opened a link. Contract: method/entities §2.7.
        const isVerified = detail.isConfirmed ?? team.environment === 'development'
        return { detail, isVerified }
      },
    },
  },
})
