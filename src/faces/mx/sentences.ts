/** What the widget shows a person of what is wrong with a member, in the languages that it speaks. Contract: mx-connect/states §2 */

export const MEMBER_ERRORS = {
  1000: 'No eligible accounts',
  1001: 'No accounts',
  1002: 'Access denied',
  2002: 'Incorrect MFA',
  2004: 'Reauthorization required',
  2005: 'Invalid credentials',
  3000: 'Institution down',
  3001: 'Institution maintenance',
  3002: 'Institution unavailable',
} as const
export type MemberErrorCode = keyof typeof MEMBER_ERRORS

const sentences = {
  en: {
    1000: 'We found no checking or savings account that can be used.',
    1001: 'We logged in, but found no accounts there.',
    1002: 'The institution needs your permission to share your accounts.',
    2002: 'The answer was not right. Please try again.',
    2004: 'The institution needs you to log in again.',
    2005: 'The username or password was not accepted.',
    3000: 'The institution is not answering right now.',
    3001: 'The institution is being maintained.',
    3002: 'The institution cannot be reached right now. Please try again later.',
  },
  es: {
    1000: 'No encontramos ninguna cuenta corriente o de ahorros que se pueda usar.',
    1001: 'Iniciamos sesión, pero no encontramos cuentas.',
    1002: 'La institución necesita su permiso para compartir sus cuentas.',
    2002: 'La respuesta no es correcta. Inténtelo de nuevo.',
    2004: 'La institución necesita que inicie sesión de nuevo.',
    2005: 'El nombre de usuario o la contraseña no se aceptaron.',
    3000: 'La institución no responde en este momento.',
    3001: 'La institución está en mantenimiento.',
    3002: 'No se puede contactar con la institución en este momento. Inténtelo más tarde.',
  },
  'fr-ca': {
    1000: 'Nous n’avons trouvé aucun compte chèques ou d’épargne utilisable.',
    1001: 'La connexion a réussi, mais nous n’y avons trouvé aucun compte.',
    1002: 'L’institution a besoin de votre permission pour partager vos comptes.',
    2002: 'La réponse n’est pas la bonne. Veuillez réessayer.',
    2004: 'L’institution vous demande de vous connecter de nouveau.',
    2005: 'Le nom d’utilisateur ou le mot de passe n’a pas été accepté.',
    3000: 'L’institution ne répond pas pour le moment.',
    3001: 'L’institution est en maintenance.',
    3002: 'L’institution est injoignable pour le moment. Veuillez réessayer plus tard.',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<MemberErrorCode, string>>>>
type Locale = keyof typeof sentences

/** English for languages that the widget does not speak. */
export function sentenceFor(code: MemberErrorCode, wanted: string | null): { locale: Locale; sentence: string } {
  const asked = wanted?.toLowerCase().replace('_', '-') ?? 'en'
  const locale =
    (Object.keys(sentences) as Locale[]).find((each) => asked === each || asked.split('-')[0] === each) ?? 'en'
  return { locale, sentence: sentences[locale][code] }
}
