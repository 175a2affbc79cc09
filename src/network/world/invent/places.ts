/** Cities with zip codes that are theirs, and street names found in any of them. */

export interface City {
  readonly city: string
  readonly state: string
  readonly zips: readonly string[]
}

// biome-ignore format: a table is easier to read in rows
export const CITIES: readonly City[] = [
  { city: 'Austin', state: 'TX', zips: ['78704', '78745', '78758', '78723'] },
  { city: 'Houston', state: 'TX', zips: ['77002', '77036', '77084', '77007'] },
  { city: 'Dallas', state: 'TX', zips: ['75201', '75217', '75228', '75243'] },
  { city: 'San Antonio', state: 'TX', zips: ['78201', '78228', '78245', '78209'] },
  { city: 'Phoenix', state: 'AZ', zips: ['85008', '85032', '85041', '85051'] },
  { city: 'Tucson', state: 'AZ', zips: ['85705', '85710', '85719'] },
  { city: 'Los Angeles', state: 'CA', zips: ['90011', '90026', '90044', '90066'] },
  { city: 'San Diego', state: 'CA', zips: ['92103', '92114', '92126', '92154'] },
  { city: 'Sacramento', state: 'CA', zips: ['95814', '95823', '95831'] },
  { city: 'Fresno', state: 'CA', zips: ['93702', '93711', '93727'] },
  { city: 'Seattle', state: 'WA', zips: ['98103', '98115', '98118', '98144'] },
  { city: 'Spokane', state: 'WA', zips: ['99201', '99205', '99208'] },
  { city: 'Portland', state: 'OR', zips: ['97202', '97206', '97211', '97233'] },
  { city: 'Denver', state: 'CO', zips: ['80205', '80210', '80219', '80239'] },
  { city: 'Salt Lake City', state: 'UT', zips: ['84102', '84105', '84116'] },
  { city: 'Boise', state: 'ID', zips: ['83702', '83704', '83709'] },
  { city: 'Albuquerque', state: 'NM', zips: ['87105', '87110', '87121'] },
  { city: 'Las Vegas', state: 'NV', zips: ['89108', '89110', '89117', '89123'] },
  { city: 'Omaha', state: 'NE', zips: ['68104', '68107', '68134'] },
  { city: 'Kansas City', state: 'MO', zips: ['64111', '64114', '64130'] },
  { city: 'St. Louis', state: 'MO', zips: ['63104', '63109', '63116'] },
  { city: 'Minneapolis', state: 'MN', zips: ['55407', '55408', '55418'] },
  { city: 'Milwaukee', state: 'WI', zips: ['53204', '53207', '53215'] },
  { city: 'Chicago', state: 'IL', zips: ['60614', '60618', '60629', '60647'] },
  { city: 'Indianapolis', state: 'IN', zips: ['46201', '46220', '46227'] },
  { city: 'Detroit', state: 'MI', zips: ['48205', '48219', '48228'] },
  { city: 'Columbus', state: 'OH', zips: ['43201', '43207', '43229'] },
  { city: 'Cleveland', state: 'OH', zips: ['44102', '44109', '44111'] },
  { city: 'Louisville', state: 'KY', zips: ['40204', '40214', '40218'] },
  { city: 'Nashville', state: 'TN', zips: ['37206', '37209', '37211'] },
  { city: 'Memphis', state: 'TN', zips: ['38109', '38111', '38116'] },
  { city: 'Birmingham', state: 'AL', zips: ['35205', '35211', '35215'] },
  { city: 'Atlanta', state: 'GA', zips: ['30310', '30312', '30318'] },
  { city: 'Jacksonville', state: 'FL', zips: ['32210', '32216', '32244'] },
  { city: 'Miami', state: 'FL', zips: ['33125', '33142', '33175'] },
  { city: 'Orlando', state: 'FL', zips: ['32808', '32822', '32839'] },
  { city: 'Tampa', state: 'FL', zips: ['33604', '33611', '33647'] },
  { city: 'Charlotte', state: 'NC', zips: ['28205', '28215', '28277'] },
  { city: 'Raleigh', state: 'NC', zips: ['27603', '27609', '27610'] },
  { city: 'Richmond', state: 'VA', zips: ['23220', '23223', '23225'] },
  { city: 'Baltimore', state: 'MD', zips: ['21206', '21215', '21230'] },
  { city: 'Philadelphia', state: 'PA', zips: ['19111', '19124', '19143', '19148'] },
  { city: 'Pittsburgh', state: 'PA', zips: ['15206', '15212', '15221'] },
  { city: 'Newark', state: 'NJ', zips: ['07104', '07105', '07112'] },
  { city: 'Brooklyn', state: 'NY', zips: ['11207', '11215', '11226', '11234'] },
  { city: 'Buffalo', state: 'NY', zips: ['14207', '14215', '14220'] },
  { city: 'Hartford', state: 'CT', zips: ['06105', '06106', '06114'] },
  { city: 'Providence', state: 'RI', zips: ['02905', '02908', '02909'] },
  { city: 'Boston', state: 'MA', zips: ['02118', '02124', '02130'] },
  { city: 'Oklahoma City', state: 'OK', zips: ['73107', '73112', '73119'] },
  { city: 'New Orleans', state: 'LA', zips: ['70115', '70117', '70122'] },
]

// biome-ignore format: a list is easier to read in rows
export const STREETS = [
  'Larkspur', 'Old Mill', 'Prospect', 'Vineyard', 'Juniper', 'Hawthorne', 'Lakeview', 'Chestnut', 'Magnolia',
  'Sycamore', 'Ridgeway', 'Willow', 'Birchwood', 'Hillcrest', 'Meadow', 'Orchard', 'Franklin', 'Jefferson', 'Madison',
  'Monroe', 'Clinton', 'Highland', 'Laurel', 'Sunset', 'Cedar', 'Dogwood', 'Fairview', 'Garfield', 'Harrison',
  'Kingston', 'Lexington', 'Mulberry', 'Pleasant', 'Quarry', 'Rosewood', 'Spruce', 'Summit', 'Valley', 'Walnut',
  'Winding Creek', 'Bluebonnet', 'Cottonwood', 'Elmwood', 'Foxglove', 'Granite', 'Heron', 'Ironwood', 'Quail Run',
]

export const STREET_KINDS = ['St', 'Ave', 'Ln', 'Dr', 'Rd', 'Ct', 'Blvd'] as const
