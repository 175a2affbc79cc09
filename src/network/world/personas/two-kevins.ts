/** One phone number, two records: always `several`. contract: method/dev-fixtures §3.4 [N113, N126, N211, P211] */
import type { IdentityRecord } from '../../port.js'
import type { AmbiguousPersona } from './persona.js'

const kevin: IdentityRecord = {
  firstName: 'KEVIN',
  lastName: 'DOYLE',
  phone: '+16505551115',
  dob: '1997-03-18',
  ssn: '111223333',
  address: { line1: '3300 N INTERSTATE 35', line2: null, city: 'AUSTIN', state: 'TX', zip: '78705' },
}

export const twoKevins: AmbiguousPersona = {
  kind: 'ambiguous',
  phone: '+16505551115',
  records: [kevin, { ...kevin, ssn: '123456789' }],
}
