/** Where people of the world spend: invented shops, spelled as acquirers spell them, and what they usually charge. */

export interface Shop {
  readonly name: string
  /** ISO 18245 */
  readonly categoryCode: string
  readonly city: string
  readonly state: string
  /** A usual ticket, in cents: from, to. */
  readonly ticketCents: readonly [number, number]
}

type Row = readonly [name: string, categoryCode: string, city: string, state: string, low: number, high: number]

// biome-ignore format: a table is easier to read in rows
const ROWS: readonly Row[] = [
  ['GREEN BASKET MARKET', '5411', 'Austin', 'TX', 1_800, 16_500],
  ['HILLTOP GROCERS', '5411', 'Denver', 'CO', 1_500, 14_000],
  ['SUNRISE FOODS', '5411', 'Phoenix', 'AZ', 1_200, 18_000],
  ['OLD MILL PROVISIONS', '5411', 'Portland', 'OR', 900, 9_500],
  ['CORNER PANTRY', '5499', 'Columbus', 'OH', 400, 3_200],
  ['LARK STREET BAKERY', '5462', 'Buffalo', 'NY', 350, 2_600],
  ['BLUE KETTLE COFFEE', '5814', 'Seattle', 'WA', 350, 1_800],
  ['DAYBREAK COFFEE BAR', '5814', 'Nashville', 'TN', 400, 1_600],
  ['TWO SPOONS NOODLES', '5812', 'Chicago', 'IL', 1_200, 6_800],
  ['CASA ALMENDRA', '5812', 'San Antonio', 'TX', 1_800, 9_400],
  ['IRON SKILLET DINER', '5812', 'Tulsa', 'OK', 1_100, 5_200],
  ['THE PAPER LANTERN', '5812', 'San Diego', 'CA', 2_200, 12_000],
  ['HARBORLIGHT GRILL', '5812', 'Baltimore', 'MD', 2_600, 14_500],
  ['PIZZERIA VENTOSA', '5812', 'Newark', 'NJ', 1_400, 5_900],
  ['BIG FENCE BURGERS', '5814', 'Omaha', 'NE', 800, 2_900],
  ['TACO MERIDIAN', '5814', 'Tucson', 'AZ', 700, 2_700],
  ['COPPER FOX TAVERN', '5813', 'Milwaukee', 'WI', 1_200, 7_800],
  ['CELLAR GATE WINE SUPPLY', '5182', 'Sacramento', 'CA', 1_900, 11_000],
  ['PRAIRIE FUEL 118', '5541', 'Kansas City', 'MO', 2_200, 7_600],
  ['REDLINE GAS AND GO', '5542', 'Louisville', 'KY', 2_000, 7_200],
  ['CROSSROADS FUEL', '5541', 'Boise', 'ID', 2_500, 8_200],
  ['SILVER PINE PHARMACY', '5912', 'Minneapolis', 'MN', 600, 6_500],
  ['WELLSPRING DRUGS', '5912', 'Charlotte', 'NC', 700, 5_800],
  ['RIVER BEND BOOKS', '5942', 'Boise', 'ID', 900, 6_400],
  ['NORTH STAR HARDWARE', '5251', 'Spokane', 'WA', 800, 14_800],
  ['TIMBER AND NAIL', '5200', 'Birmingham', 'AL', 1_500, 26_000],
  ['FOUR CORNERS GENERAL', '5331', 'Albuquerque', 'NM', 900, 8_800],
  ['MAPLE AND MAIN', '5311', 'Hartford', 'CT', 2_500, 21_000],
  ['FIELDSTONE OUTFITTERS', '5651', 'Richmond', 'VA', 2_900, 19_000],
  ['LITTLE ACORN KIDS', '5641', 'Indianapolis', 'IN', 1_500, 9_800],
  ['STRIDE SHOE HOUSE', '5661', 'Atlanta', 'GA', 3_900, 16_500],
  ['TRAILHEAD CYCLE', '5940', 'Salt Lake City', 'UT', 1_200, 34_000],
  ['SUMMIT SPORT SUPPLY', '5941', 'Denver', 'CO', 1_800, 22_000],
  ['BRIGHTWIRE ELECTRONICS', '5732', 'Houston', 'TX', 2_900, 65_000],
  ['PIXEL AND CO', '5734', 'Raleigh', 'NC', 999, 14_900],
  ['HEARTH HOME GOODS', '5719', 'Tampa', 'FL', 1_900, 18_000],
  ['OAKROOM FURNITURE', '5712', 'Memphis', 'TN', 9_900, 120_000],
  ['GARDEN GATE NURSERY', '5261', 'Orlando', 'FL', 1_200, 13_500],
  ['PAWS AND TAILS', '5995', 'Pittsburgh', 'PA', 1_400, 9_900],
  ['LAKEVIEW VETERINARY', '0742', 'Cleveland', 'OH', 6_500, 42_000],
  ['CLEARWATER DENTAL', '8021', 'Providence', 'RI', 4_500, 38_000],
  ['JUNIPER EYE CARE', '8042', 'Boston', 'MA', 3_500, 31_000],
  ['TEMPO FITNESS CLUB', '7997', 'Las Vegas', 'NV', 2_900, 8_900],
  ['SHEAR DELIGHT SALON', '7230', 'Jacksonville', 'FL', 2_800, 14_000],
  ['SUDS AND SHINE CAR WASH', '7542', 'Fresno', 'CA', 900, 3_400],
  ['GEARBOX AUTO SERVICE', '7538', 'Detroit', 'MI', 4_900, 68_000],
  ['WHISTLESTOP TIRES', '5532', 'Wichita', 'KS', 7_900, 72_000],
  ['METRO TRANSIT PASS', '4111', 'Philadelphia', 'PA', 250, 9_600],
  ['YELLOWLINE CAB', '4121', 'Brooklyn', 'NY', 900, 5_400],
  ['PARKSIDE GARAGE', '7523', 'St. Louis', 'MO', 400, 3_800],
  ['BLUE HERON INN', '7011', 'New Orleans', 'LA', 9_900, 46_000],
  ['HARBOR STAR HOTEL', '7011', 'Miami', 'FL', 12_900, 62_000],
  ['AIRVALE TRAVEL', '4722', 'Los Angeles', 'CA', 8_900, 89_000],
  ['STARFIELD CINEMA', '7832', 'Dallas', 'TX', 1_200, 5_600],
  ['ENCORE TICKET OFFICE', '7922', 'Chicago', 'IL', 3_500, 28_000],
  ['LOOPCAST STREAMING', '4899', 'San Diego', 'CA', 799, 1_999],
  ['CLOUDSHELF STORAGE', '5817', 'Seattle', 'WA', 199, 1_299],
  ['PAPERBIRD NEWS', '5968', 'Boston', 'MA', 400, 2_400],
  ['HUMMINGBIRD MOBILE', '4814', 'Atlanta', 'GA', 2_500, 12_500],
  ['BRIGHT PATH TUTORING', '8299', 'Phoenix', 'AZ', 4_000, 22_000],
  ['HELPING HANDS FUND', '8398', 'Minneapolis', 'MN', 1_000, 10_000],
]

export const SHOPS: readonly Shop[] = ROWS.map(([name, categoryCode, city, state, low, high]) => ({
  name,
  categoryCode,
  city,
  state,
  ticketCents: [low, high],
}))
