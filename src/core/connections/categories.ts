/** What transactions are about, and how a person may correct it. Contract: moneykit/data §4.1. */
export const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  banking: [
    'account_fees_and_other_bank_charges',
    'atm_fees',
    'cash_withdrawals',
    'currency_exchange_and_fees',
    'interest',
    'nsf_and_overdraft_fees',
    'other_banking',
    'outgoing_checks',
    'overdraft_protection',
    'refunds_and_reversals',
    'unpaid_transactions',
  ],
  borrowing_and_loans: [
    'buy_now_pay_later',
    'car_payment',
    'cash_advance_loans',
    'credit_cards',
    'debt_management',
    'loan_incoming',
    'loan_repayment',
    'other_borrowing_and_loans',
    'student_loan',
    'vehicle_loan',
  ],
  charity: ['charity', 'other_charity'],
  dependent_costs: ['child_support', 'childcare', 'childrens_expenses', 'other_dependent_costs'],
  education: ['driving_lessons', 'other_education', 'university_and_tuition'],
  entertainment: [
    'books_and_reading',
    'cinema',
    'gaming',
    'leisure_and_amusement_activities',
    'other_entertainment',
    'other_events',
    'sport_events',
    'theatre_concerts_and_tickets',
  ],
  expenses: [
    'business_expenses',
    'financial_and_legal_expenses',
    'other_expenses',
    'other_memberships_and_services',
    'postage_and_office_supplies',
  ],
  food_and_drink: [
    'bars_and_pubs',
    'coffee',
    'convenience_stores',
    'eating_out_and_takeaways',
    'groceries',
    'other_eating_out',
    'other_food_and_drink',
    'speciality_food_and_drink',
  ],
  gambling_and_lotteries: ['gambling_and_betting', 'lotteries_and_sweepstakes', 'other_gambling_and_lotteries'],
  general: ['other_general'],
  health_and_personal_care: [
    'beauty',
    'dental',
    'gym_and_fitness',
    'healthcare',
    'other_health_and_personal_care',
    'optical',
    'pharmacies_and_health_products',
    'sport_accessories_and_equipment',
  ],
  home: ['furniture', 'gardening', 'home_maintenance', 'household_goods', 'laundry', 'other_home', 'pets'],
  income: [
    'benefits_and_social_security',
    'child_support_income',
    'crypto_platform_incoming',
    'deposits',
    'employment_income',
    'investment_income',
    'other_income',
    'pension_income',
    'rental_income',
  ],
  insurance: [
    'business_insurance',
    'health_and_life_insurance',
    'home_insurance',
    'other_insurance',
    'pet_insurance',
    'travel_insurance',
    'vehicle_insurance',
  ],
  media_and_telecoms: [
    'broadband_phone_tv',
    'digital_media_and_software',
    'other_media_and_telecoms',
    'tv_streaming_services',
  ],
  mortgage_and_rent: ['mortgage', 'other_mortgage_and_rent', 'rent'],
  pensions_savings_and_investments: [
    'crypto_platform_outgoing',
    'investments',
    'pensions',
    'other_pensions_savings_and_investments',
    'savings',
  ],
  shopping: [
    'clothing_and_accessories',
    'department_stores',
    'electronics_appliances_and_technology',
    'flowers_and_gifts',
    'general_online_shopping',
    'hobbies',
    'other_shopping',
    'smoking_and_vaping',
  ],
  taxes: ['federal_tax', 'other_taxes'],
  transfers: ['internal_transfers', 'other_transfers', 'transfers_in', 'transfers_out'],
  transport: [
    'other_transport',
    'parking_and_tolls',
    'public_transport',
    'taxi',
    'vehicle',
    'vehicle_fuel_and_charging',
    'vehicle_rental',
  ],
  travel: ['flights_and_airport_expenses', 'holiday_and_travel_expenses', 'other_travel'],
  utilities: ['other_utilities', 'utilities_energy', 'utilities_water_and_sewage', 'waste_and_recycling'],
}

// An older name is understood and not used.
const RENAMED: Readonly<Record<string, string>> = { petrol_and_vehicle_charging: 'vehicle_fuel_and_charging' }

/** The name in use; null for one that does not belong to the category. */
export function readSubcategory(category: string, subcategory: string): string | null {
  const name = RENAMED[subcategory] ?? subcategory
  return CATEGORIES[category]?.includes(name) ? name : null
}

export interface Category {
  readonly category: string
  readonly subcategory: string | null
}

/** A category or subcategory by its name, in any case, with or without the other; null for other words. */
export function readCategory(text: string): Category | null {
  const [first = '', second] = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
    .split('.')
  if (CATEGORIES[first]) return { category: first, subcategory: second ? readSubcategory(first, second) : null }
  const found = Object.keys(CATEGORIES).find((category) => readSubcategory(category, first) !== null)
  return found ? { category: found, subcategory: readSubcategory(found, first) } : null
}
