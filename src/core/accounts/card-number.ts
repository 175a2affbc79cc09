/** True for digits whose last one is the check digit of the others. ISO/IEC 7812-1, annex B. */
export function isLuhnNumber(text: string): boolean {
  if (!/^\d+$/.test(text)) return false
  const sum = [...text].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
