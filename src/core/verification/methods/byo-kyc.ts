import { defineMethod } from './define.js'

export interface ByoKycDetail {
  readonly method: 'byo_kyc'
  readonly isAuthenticated: true
}

/** The caller knows who the person is; its word is taken, where the team was approved for that. */
export const byoKyc = defineMethod<ByoKycDetail, never>({
  channels: ['identity'],
  isOffered: ({ settings }) => settings.method?.verification?.byo_kyc === true,
  caller: {
    begin: async () => ({
      detail: { method: 'byo_kyc', isAuthenticated: true },
      secret: null,
      isVerified: true,
    }),
  },
})
