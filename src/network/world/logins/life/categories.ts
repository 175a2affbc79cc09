/** What is bought, in the words of the enrichment vocabulary. contract: moneykit/data §4.1 */

export interface Category {
  readonly category: string
  readonly subcategory: string | null
}

const of = (category: string, subcategory: string): Category => ({ category, subcategory })

/** By ISO 18245 code, of the shops of the world. */
const BY_CODE: Readonly<Record<string, Category>> = {
  '0742': of('home', 'pets'),
  '4111': of('transport', 'public_transport'),
  '4121': of('transport', 'taxi'),
  '4722': of('travel', 'holiday_and_travel_expenses'),
  '4814': of('media_and_telecoms', 'broadband_phone_tv'),
  '4899': of('media_and_telecoms', 'tv_streaming_services'),
  '5182': of('food_and_drink', 'speciality_food_and_drink'),
  '5200': of('home', 'home_maintenance'),
  '5251': of('home', 'home_maintenance'),
  '5261': of('home', 'gardening'),
  '5311': of('shopping', 'department_stores'),
  '5331': of('shopping', 'department_stores'),
  '5411': of('food_and_drink', 'groceries'),
  '5462': of('food_and_drink', 'speciality_food_and_drink'),
  '5499': of('food_and_drink', 'convenience_stores'),
  '5532': of('transport', 'vehicle'),
  '5541': of('transport', 'vehicle_fuel_and_charging'),
  '5542': of('transport', 'vehicle_fuel_and_charging'),
  '5641': of('dependent_costs', 'childrens_expenses'),
  '5651': of('shopping', 'clothing_and_accessories'),
  '5661': of('shopping', 'clothing_and_accessories'),
  '5712': of('home', 'furniture'),
  '5719': of('home', 'household_goods'),
  '5732': of('shopping', 'electronics_appliances_and_technology'),
  '5734': of('shopping', 'electronics_appliances_and_technology'),
  '5812': of('food_and_drink', 'eating_out_and_takeaways'),
  '5813': of('food_and_drink', 'bars_and_pubs'),
  '5814': of('food_and_drink', 'coffee'),
  '5817': of('media_and_telecoms', 'digital_media_and_software'),
  '5912': of('health_and_personal_care', 'pharmacies_and_health_products'),
  '5940': of('health_and_personal_care', 'sport_accessories_and_equipment'),
  '5941': of('health_and_personal_care', 'sport_accessories_and_equipment'),
  '5942': of('entertainment', 'books_and_reading'),
  '5968': of('entertainment', 'books_and_reading'),
  '5995': of('home', 'pets'),
  '7011': of('travel', 'holiday_and_travel_expenses'),
  '7230': of('health_and_personal_care', 'beauty'),
  '7523': of('transport', 'parking_and_tolls'),
  '7538': of('transport', 'vehicle'),
  '7542': of('transport', 'vehicle'),
  '7832': of('entertainment', 'cinema'),
  '7922': of('entertainment', 'theatre_concerts_and_tickets'),
  '7997': of('health_and_personal_care', 'gym_and_fitness'),
  '8021': of('health_and_personal_care', 'dental'),
  '8042': of('health_and_personal_care', 'optical'),
  '8299': of('education', 'other_education'),
  '8398': of('charity', 'charity'),
}

const UNKNOWN: Category = { category: 'general', subcategory: 'other_general' }

export function categoryOf(code: string): Category {
  return BY_CODE[code] ?? UNKNOWN
}
