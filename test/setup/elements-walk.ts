/** A person who goes through the screens of an element, each of which is looked at on the way. */
import type { Frame, Page } from 'playwright-core'
import { expect } from 'vitest'
import { expectAccessible, shoot } from './browser.js'

export interface Walk {
  /** The frame of the element. */
  readonly frame: Frame
  /** Waits for a screen by its name. */
  at(screen: string): Promise<void>
  /** What the screen says, in its heading and its notices. */
  says(): Promise<string>
  press(name: string): Promise<void>
  fill(label: string, value: string): Promise<void>
  /** `Continue` from a screen that only tells something. */
  goOn(screen: string): Promise<void>
  name(): Promise<void>
  phone(number: string): Promise<void>
  code(digits?: string): Promise<void>
  dob(): Promise<void>
  address(): Promise<void>
  ssn4(): Promise<void>
  /** Answers each question, rightly or wrongly, as the rehearsal's answers say. */
  questions(verdict: 'Correct' | 'Incorrect'): Promise<void>
  consent(): Promise<void>
  /** Chooses accounts by a part of their name, and goes on. */
  choose(...names: readonly string[]): Promise<void>
  /** What is printed on the fixtures' card. */
  card(cvv?: string): Promise<void>
  done(): Promise<void>
  close(): Promise<void>
}

export interface WalkRequest {
  /** Shoots every screen into `docs/screens/elements` under this ending, where SCREENS is set. */
  readonly shots?: string
}

// Once for each size and scheme: looking takes longer than all the rest.
const examined = new Set<string>()

/** Follows the element in the first frame of a page, or on the page itself. */
export async function walkOf(page: Page, { shots }: WalkRequest = {}): Promise<Walk> {
  const inFrame = await page.locator('iframe').count()
  const handle = inFrame > 0 ? await page.locator('iframe').first().elementHandle() : null
  const frame = (await handle?.contentFrame()) ?? page.mainFrame()
  const at = async (screen: string) => {
    await frame.locator(`[data-screen="${screen}"]`).waitFor()
    const look = `${screen} ${page.viewportSize()?.width} ${await frame.locator('html').getAttribute('data-scheme')}`
    if (!examined.has(look)) await expectAccessible(frame)
    examined.add(look)
    if (shots) await shoot(page, `elements/${screen}-${shots}`)
  }
  const press = (name: string) => frame.getByRole('button', { name, exact: true }).click()
  const fill = (name: string, value: string) => frame.getByRole('textbox', { name, exact: true }).fill(value)
  const goOn = async (screen: string) => {
    await at(screen)
    await press('Continue')
  }
  return {
    frame,
    at,
    press,
    fill,
    goOn,
    says: async () => ((await frame.locator('main').textContent()) ?? '').replaceAll(/\s+/g, ' '),
    async name() {
      await at('name')
      await fill('First name', 'Kevin')
      await fill('Last name', 'Doyle')
      await press('Continue')
    },
    async phone(number) {
      await at('phone')
      await fill('Mobile phone number', number)
      await press('Continue')
    },
    async code(digits = '123456') {
      await at('phone_code')
      await fill('Code', digits)
    },
    async dob() {
      await at('dob')
      await frame.getByRole('combobox', { name: 'Month' }).selectOption({ label: 'March' })
      await fill('Day', '18')
      await fill('Year', '1997')
      await press('Continue')
    },
    async address() {
      await at('address')
      await fill('Street address', '412 Larkspur Lane')
      await fill('City', 'Round Rock')
      await frame.getByRole('combobox', { name: 'State' }).selectOption('TX')
      await fill('ZIP code', '78664')
      await press('Continue')
    },
    async ssn4() {
      await at('ssn4')
      await frame.getByLabel('Last 4 digits', { exact: true }).fill('1234')
      await press('Continue')
    },
    async questions(verdict) {
      await at('questions')
      const questions = frame.locator('section.question')
      const count = await questions.count()
      expect(count).toBe(3)
      for (let index = 0; index < count; index++) {
        await questions.nth(index).getByText(`(${verdict})`).first().click()
      }
      await press('Continue')
    },
    async consent() {
      await at('consent')
      await press('Agree and continue')
    },
    async choose(...names) {
      await at('accounts')
      for (const name of names) await frame.locator('label.choice', { hasText: name }).first().locator('input').check()
      await press('Continue')
    },
    async card(cvv = '878') {
      await at('account')
      const said = { 'Expiry month': '03', 'Expiry year': '2028', 'Billing ZIP code': '78758' }
      for (const [label, value] of Object.entries(said)) {
        const field = frame.getByRole('textbox', { name: label, exact: true })
        if ((await field.count()) > 0) await field.fill(value)
      }
      await frame.getByLabel('Security code', { exact: true }).fill(cvv)
      await press('Verify')
    },
    done: () => press('Done'),
    async close() {
      await press('Close')
      await frame.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    },
  }
}
