import { type ReactNode, useId, useState } from 'react'
import { Button } from '../../ui/controls.js'
import { Icon } from '../../ui/icons.js'
import { Screen } from '../../ui/screen.js'
import { Art, brandOf, type ScreenParts } from '../parts.js'
import { products, reasonFor, texts } from '../texts.js'
import type { View } from '../views.js'
import type { Product } from '../wire.js'

const ICONS = {
  account_numbers: (
    <Art name="permissionAccountNumbers">
      <Icon name="numbers" />
    </Art>
  ),
  identity: (
    <Art name="permissionIdentity">
      <Icon name="person" />
    </Art>
  ),
  transactions: (
    <Art name="permissionTransactions">
      <Icon name="list" />
    </Art>
  ),
  investments: (
    <Art name="permissionInvestments">
      <Icon name="chart" />
    </Art>
  ),
} as const satisfies Record<Product, ReactNode>

/** What the app asks to see. What it needs can only be declined by leaving. */
export function Permissions({
  view,
  actions,
  applicationName,
  onClose,
}: ScreenParts & { readonly view: Extract<View, { at: 'permissions' }> }) {
  const { institution, offer } = view
  const [allowed, setAllowed] = useState<readonly Product[]>(offer.products.map(({ product }) => product))
  const toggle = (product: Product) =>
    setAllowed(allowed.includes(product) ? allowed.filter((each) => each !== product) : [...allowed, product])
  return (
    <Screen
      name="permissions"
      title={texts.permissions.title(applicationName)}
      lead={texts.permissions.lead(institution.name)}
      brand={brandOf(institution)}
      closeLabel={texts.close}
      onClose={onClose}
      onSubmit={() =>
        actions.allow(offer.products.map(({ product }) => product).filter((each) => allowed.includes(each)))
      }
      foot={<Button type="submit">{texts.permissions.submit}</Button>}
    >
      <ul className="permissions">
        <Line
          icon={
            <Art name="permissionBalances">
              <Icon name="bank" />
            </Art>
          }
          title={texts.permissions.balances}
          reason={texts.permissions.balancesReason}
          state={texts.permissions.always}
        />
        {offer.products.map(({ product, reason, is_fixed: isFixed }) => (
          <Line
            key={product}
            icon={ICONS[product]}
            title={products[product].name}
            reason={reasonFor(product, reason)}
            state={isFixed ? texts.permissions.required : null}
            isOn={allowed.includes(product)}
            onToggle={() => toggle(product)}
          />
        ))}
      </ul>
    </Screen>
  )
}

interface LineProps {
  readonly icon: ReactNode
  readonly title: string
  readonly reason: string
  /** Why it can't be switched off; null where it can. */
  readonly state: string | null
  readonly isOn?: boolean
  readonly onToggle?: () => void
}

function Line({ icon, title, reason, state, isOn = true, onToggle }: LineProps) {
  const id = useId()
  return (
    <li className="permission">
      <span className="permission-icon">{icon}</span>
      <span className="permission-text">
        <label htmlFor={state === null ? id : undefined}>{title}</label>
        <small id={`${id}-reason`}>{reason}</small>
        {state === null ? null : (
          <small className="permission-state">
            <Icon name="check" size={16} />
            {state}
          </small>
        )}
      </span>
      {state === null ? (
        <input
          id={id}
          type="checkbox"
          className="switch"
          checked={isOn}
          aria-describedby={`${id}-reason`}
          onChange={() => onToggle?.()}
        />
      ) : null}
    </li>
  )
}
