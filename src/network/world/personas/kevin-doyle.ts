/**
 * Kevin Doyle under four phone numbers, which differ in what has to be said to find him and in whether the bureau asks
 * him questions. contract: method/dev-fixtures §2, §3.3, §3.5, §4.1 [N113, N126, N211, P211]
 */
import type { Profile } from '../invent/profile.js'
import { documentedDebts, kevinsDebts } from './kevin-doyle-debts.js'
import type { Persona } from './persona.js'

const profile: Profile = {
  firstName: 'Kevin',
  lastName: 'Doyle',
  dob: '1997-03-18',
  address: { line1: '3300 N Interstate 35', line2: null, city: 'Austin', state: 'TX', zip: '78705' },
  streets: ['Interstate 35', 'Larkspur', 'Quail Run'],
  employer: 'Northgate Freight',
  habit: 'stretched',
  matchNeeds: ['name'],
  isRecognized: true,
  givenCreditFile: {
    score: 734,
    factors: [
      { code: '00034', description: 'Total of all balances on bankcard or revolving accounts is too high' },
      { code: '00012', description: 'The date that you opened your oldest account is too recent' },
      { code: '00063', description: 'Lack of sufficient relevant real estate account information' },
      { code: '00016', description: 'The total of all balances on your open accounts is too high' },
    ],
    // contract: method/dev-fixtures §4.2
    derogatoryMarks: 1,
    cardUsagePercent: 22,
    totalAccounts: 15,
    openAccounts: 10,
    averageAgeMonths: 42,
    onTimePaymentPercent: 100,
  },
  givenVehicles: [],
}

// contract: method/dev-fixtures §4.3
const vehicles: Profile['givenVehicles'] = [
  {
    vin: '2G1125S34F9100042',
    year: 2015,
    make: 'chevrolet',
    model: 'impala',
    series: 'lt',
    majorColor: 'silver',
    style: 'sedan/saloon',
  },
  {
    vin: 'JN8AZ2NE0C9100137',
    year: 2012,
    make: 'infiniti',
    model: 'qx56',
    series: 'base',
    majorColor: 'black',
    style: 'sport_utility_vehicle',
  },
]

const kevin: Persona = {
  kind: 'copied',
  phone: '+15121231111',
  profile,
  ssn: '111223333',
  debts: kevinsDebts,
  documented: documentedDebts,
}

export const kevinDoyles: readonly Persona[] = [
  kevin,
  { ...kevin, phone: '+15121231112', profile: { ...profile, matchNeeds: ['name', 'dob'], isRecognized: false } },
  {
    ...kevin,
    phone: '+15121231113',
    profile: { ...profile, matchNeeds: ['name', 'dob', 'address'], isRecognized: false },
  },
  // The same person with vehicles.
  { ...kevin, phone: '+15121231122', profile: { ...profile, givenVehicles: vehicles } },
]
