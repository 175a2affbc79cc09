/** Every sentence of the page. */
import type { Product } from './wire.js'

export const texts = {
  close: 'Close',
  back: 'Back',
  goOn: 'Continue',
  done: 'Done',
  retry: 'Try again',
  finder: {
    title: 'Connect your bank',
    searchLabel: 'Search for your bank',
    searchPlaceholder: 'Search banks',
    popular: 'Popular banks',
    found: 'Banks found',
    more: 'Show more',
    nothing: (term: string) => `No bank is called “${term}”. Check the spelling, or try a shorter name.`,
    nothingAtAll: 'There is no bank to choose from here.',
    manually: 'Connect manually instead',
    loading: 'Looking for banks…',
  },
  alert: {
    title: (name: string) => `${name} is already connected`,
    text: (name: string) =>
      `You have connected an account at ${name} before. Connect it again only if you want to add another login.`,
    goOn: 'Connect again',
    other: 'Choose another bank',
  },
  credentials: {
    title: (name: string) => `Log in to ${name}`,
    lead: (app: string) => `${app} never sees what you type here.`,
    submit: 'Log in',
    show: 'Show',
    hide: 'Hide',
    missing: (label: string) => `Enter your ${label.toLowerCase()}.`,
    help: 'Trouble logging in?',
  },
  help: {
    title: 'Trouble logging in?',
    text: (name: string) =>
      `Use the same details as on the website of ${name}. If you have lost them, its website helps.`,
    reset: 'Reset your password',
    visit: (domain: string) => `Open ${domain}`,
    close: 'Back to the login',
  },
  oauth: {
    title: (name: string) => `Log in at ${name}`,
    lead: (name: string) =>
      `${name} lets you log in on its own page. It opens in a new window and brings you back here.`,
    open: (name: string) => `Continue to ${name}`,
    waiting: (name: string) => `Waiting for ${name}…`,
    waitingHint: 'Finish in the window that opened.',
    waitingText: 'This page goes on by itself.',
    again: 'Open the window again',
    closed: 'The window was closed before you were done. You can open it again.',
  },
  answers: {
    titles: { 'OTP Device': 'Where should your code go?', OTP: 'Enter your code', MFA: 'One more question' },
    lead: (name: string) => `${name} wants to be sure that it is you.`,
    missing: 'Enter an answer.',
    choose: 'Choose one of these.',
    picture: 'The picture that the question is about',
    again: 'No code? Log in again to get another one',
  },
  connecting: {
    title: 'Connecting',
    text: (name: string) => `Connecting to ${name}…`,
    opening: 'One moment…',
  },
  permissions: {
    title: (app: string) => `What ${app} may see`,
    lead: (name: string) => `${name} shares this, and you can end it at any time.`,
    balances: 'Accounts and balances',
    balancesReason: 'Which accounts you have, and what is in them',
    always: 'Always shared',
    required: 'Needed',
    submit: 'Allow',
  },
  accounts: {
    title: 'Choose your accounts',
    titleOne: 'Choose an account',
    lead: (app: string) => `Only what you choose is shared with ${app}.`,
    legend: 'Accounts to share',
    fixed: 'Shared already',
    none: 'Choose at least one account.',
    submit: 'Connect',
  },
  success: {
    title: 'You are connected',
    lead: (name: string, app: string) => `${app} can now use your accounts at ${name}.`,
  },
  error: {
    title: 'That did not work',
    another: 'Choose another bank',
    number: (id: string) => `Reference: ${id}`,
  },
  leave: {
    title: 'Leave without connecting?',
    text: 'What you have done so far will be lost.',
    stay: 'Keep going',
    leave: 'Leave',
  },
  elsewhere: {
    title: 'You can close this window',
    lead: 'Your connection goes on in the window where you began.',
  },
  report: {
    open: 'Report a problem',
    title: 'What went wrong?',
    label: 'Your description',
    hint: 'Please don’t write passwords or account numbers here.',
    send: 'Send report',
    sent: 'Thank you. Your report was sent.',
    cancel: 'Cancel',
    missing: 'Describe what happened.',
    failed: 'Your report could not be sent. Please try again.',
  },
} as const

export const products = {
  account_numbers: {
    name: 'Account and routing numbers',
    what: 'Used to move money to and from your accounts',
  },
  identity: { name: 'Name and contact details', what: 'Who holds the accounts' },
  transactions: { name: 'Transactions', what: 'What came in and went out' },
  investments: { name: 'Investments', what: 'What you hold, bought and sold' },
} as const satisfies Record<Product, { readonly name: string; readonly what: string }>

/** “… data is used to”. Contract: moneykit/links §1.2. */
export function reasonFor(product: Product, reason: string | null): string {
  return reason === null || reason.trim() === '' ? products[product].what : `This data is used to ${reason.trim()}`
}

const MESSAGES: Readonly<Record<string, (institution: string) => string>> = {
  invalid_credentials: (name) => `${name} did not accept this. Check what you typed and try again.`,
  user_input_incorrect: () => 'That answer was not right, or it came too late. Log in again to get another question.',
  user_oauth_denied: (name) => `You did not give access at ${name}. You can try again.`,
  user_setup_required: (name) =>
    `${name} needs you to do something first. Log in on its website, follow what it says, and come back.`,
  no_accounts: (name) => `We found no account at ${name} that can be connected here.`,
  institution_error: (name) => `${name} is not answering right now. Please try again later.`,
  provider_error: (name) => `We can’t reach ${name} right now. Please try again later.`,
  user_error: (name) => `The login at ${name} was not completed. Please try again.`,
  session_expired: () => 'This session has expired. Please close this window and start again.',
  session_completed: () => 'This session is already finished. You can close this window.',
  session_invalid: () => 'This link can’t be used. Please close this window and start again.',
  offline: () => 'The connection was interrupted. Check that you are online, then try again.',
  invalid_choice: () => 'One of your choices can’t be made any more. Please choose again.',
}

/** What a person reads about an error. */
export function messageFor(errorId: string, institution: string | null): string {
  return MESSAGES[errorId]?.(institution ?? 'Your bank') ?? 'Something failed on our side. Please try again.'
}

const KINDS: Readonly<Record<string, string>> = {
  cd: 'Certificate of deposit',
  hsa: 'Health savings account',
  ira: 'IRA',
  credit_card: 'Credit card',
  line_of_credit: 'Line of credit',
}

/** `depository.money_market` → “Money market”. */
export function accountKind(type: string): string {
  const kind = type.split('.').at(-1) ?? type
  const words = kind.replaceAll('_', ' ')
  return KINDS[kind] ?? words.charAt(0).toUpperCase() + words.slice(1)
}
