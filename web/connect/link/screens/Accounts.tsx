import { useState } from 'react'
import { Button, Choices, Notice } from '../../ui/controls.js'
import { Screen } from '../../ui/screen.js'
import { brandOf, type ScreenParts } from '../parts.js'
import { accountKind, texts } from '../texts.js'
import type { View } from '../views.js'
import type { OfferedAccount } from '../wire.js'

/** Which accounts are shared; those that are shared already stay so. */
export function Accounts({
  view,
  actions,
  applicationName,
  onClose,
}: ScreenParts & { readonly view: Extract<View, { at: 'accounts' }> }) {
  const { institution, offer, error, mayGoBack } = view
  const fixed = offer.accounts.filter(({ is_fixed: isFixed }) => isFixed).map(({ ref }) => ref)
  const [chosen, setChosen] = useState<readonly string[]>(() => initial(offer.accounts, offer.only_one, fixed))
  const [isChecked, setChecked] = useState(false)
  const submit = () => {
    setChecked(true)
    if (chosen.length > 0) actions.grant(chosen)
  }
  return (
    <Screen
      name="accounts"
      title={offer.only_one ? texts.accounts.titleOne : texts.accounts.title}
      lead={texts.accounts.lead(applicationName)}
      brand={brandOf(institution)}
      backLabel={texts.back}
      onBack={mayGoBack ? actions.toPermissions : undefined}
      closeLabel={texts.close}
      onClose={onClose}
      onSubmit={submit}
      foot={<Button type="submit">{texts.accounts.submit}</Button>}
    >
      {error === null ? null : <Notice kind="error">{error}</Notice>}
      {isChecked && chosen.length === 0 ? <Notice kind="error">{texts.accounts.none}</Notice> : null}
      <Choices
        legend={texts.accounts.legend}
        isMultiple={!offer.only_one}
        choices={offer.accounts.map((account) => ({
          id: account.ref,
          title: account.name,
          detail: detailOf(account),
          isFixed: account.is_fixed,
        }))}
        chosen={chosen}
        onChosen={setChosen}
      />
    </Screen>
  )
}

function initial(accounts: readonly OfferedAccount[], onlyOne: boolean, fixed: readonly string[]): readonly string[] {
  if (fixed.length > 0) return fixed
  return onlyOne ? [] : accounts.map(({ ref }) => ref)
}

function detailOf({ type, mask, is_fixed: isFixed }: OfferedAccount): string {
  return [accountKind(type), mask === null ? null : `•••• ${mask}`, isFixed ? texts.accounts.fixed : null]
    .filter((part) => part !== null)
    .join(' · ')
}
