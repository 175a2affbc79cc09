/** Takes in a customer who was identified at sign-up; finds what they owe. Returns the customer's id at Method. */
export async function signUp(method, { firstName, lastName, phone, phoneVerifiedAt }) {
  const { id } = await method.entities.create({
    type: 'individual',
    individual: { first_name: firstName, last_name: lastName, phone },
  })
  const sessions = method.entities(id).verificationSessions
  await sessions.create({ type: 'phone', method: 'byo_sms', byo_sms: { timestamp: phoneVerifiedAt.toISOString() } })
  const identity = await sessions.create({ type: 'identity', method: 'kba', kba: {} })
  if (identity.status !== 'verified') return { id, isVerified: false }
  await method.entities(id).connect.create()
  return { id, isVerified: true }
}

/** The account that pays. */
export async function addChecking(method, customerId, { routing, number }) {
  const { id } = await method.accounts.create({ holder_id: customerId, ach: { routing, number, type: 'checking' } })
  return id
}
