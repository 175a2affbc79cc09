const WEIGHTS = [3, 7, 1]

/** True for nine digits whose ABA check digit is right. Contract: method/accounts §1.4.1. */
export function isRoutingNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text)) return false
  const sum = [...text].reduce((total, digit, place) => total + Number(digit) * (WEIGHTS[place % 3] ?? 0), 0)
  return sum > 0 && sum % 10 === 0
}
