/** The account step: which accounts, and the proof of those that need one. */
import { useEffect, useState } from 'react'
import { Button, Choices, Field, Mark, Notice, SecretField, Waiting } from '../ui/controls.js'
import type { Key, Words } from './i18n.js'
import type { ClaimMember, ShownAccount } from './server.js'
import { Sheet } from './sheet.js'
import { Flawed, FlowScreen, useStage } from './stage.js'

const TYPES = ['credit_card', 'auto_loan', 'mortgage', 'personal_loan', 'student_loans', 'checking', 'savings']

function typeOf({ t }: Words, { type }: ShownAccount): string {
  return t((TYPES.includes(type) ? `type.${type}` : 'type.other') as Key)
}

/** `Chase Sapphire ··1580`, and beneath it what it is and what is owed. */
export function describe(words: Words, account: ShownAccount) {
  const { name, mask, institution, balanceCents } = account
  const facts = [typeOf(words, account), name.startsWith(institution) ? '' : institution]
  return {
    title: mask ? `${name} ··${mask}` : name,
    detail: [...facts.filter(Boolean), balanceCents === null ? '' : words.money(balanceCents)]
      .filter(Boolean)
      .join(' · '),
  }
}

export function Accounts() {
  const { words, screen, isBusy, flaw, send } = useStage()
  const { t, money } = words
  const { accounts, transfer, selection } = screen
  const isMultiple = selection === 'multiple'
  const [chosen, setChosen] = useState<readonly string[]>(() => (accounts.length === 1 ? accounts.map(idOf) : []))
  const [isMissing, setMissing] = useState(false)
  const [wantsRemainder, setRemainder] = useState(false)
  const [isLearning, setLearning] = useState(false)
  const learn = (isOpen: boolean) => {
    setLearning(isOpen)
    send({ type: 'learn_more', isOpen })
  }
  const submit = () => {
    setMissing(chosen.length === 0)
    if (chosen.length > 0 && !isBusy) send({ type: 'choose', accountIds: chosen, wantsRemainder })
  }
  const team = screen.team.name
  const title = transfer ? 'transfer.title' : isMultiple ? 'accounts.titleMany' : 'accounts.titleOne'
  const paid = accounts
    .filter(({ id }) => chosen.includes(id))
    .reduce((sum, { balanceCents }) => sum + (balanceCents ?? 0), 0)
  const isAll = chosen.length === accounts.length
  return (
    <FlowScreen
      title={t(title)}
      lead={transfer ? t('transfer.lead', { amount: money(transfer.requestedCents) }) : t('accounts.lead', { team })}
      onSubmit={submit}
      foot={
        <Button type="submit" busy={isBusy && !isLearning}>
          {t('action.continue')}
        </Button>
      }
    >
      <Flawed>
        {isMissing && chosen.length === 0 ? t('accounts.none') : flaw ? flawText(words, flaw.code, transfer) : null}
      </Flawed>
      <div className="list-tools">
        <button type="button" className="link" onClick={() => learn(true)}>
          {t('accounts.learn')}
        </button>
        {isMultiple && accounts.length > 1 ? (
          <button type="button" className="link" onClick={() => setChosen(isAll ? [] : accounts.map(idOf))}>
            {t(isAll ? 'accounts.selectNone' : 'accounts.selectAll')}
          </button>
        ) : null}
      </div>
      {accounts.length === 0 ? <Notice>{t('transfer.empty')}</Notice> : null}
      <Choices
        legend={t('accounts.legend')}
        isMultiple={isMultiple}
        chosen={chosen}
        onChosen={setChosen}
        choices={accounts.map((account) => {
          const { title: shown, detail } = describe(words, account)
          return {
            id: account.id,
            title: shown,
            detail: account.needsProof ? `${detail} · ${t('accounts.needsProof')}` : detail,
            mark: <Mark name={account.institution || account.name} />,
          }
        })}
      />
      {transfer ? (
        <>
          <dl className="totals" aria-live="polite">
            <div>
              <dt>{t('transfer.total')}</dt>
              <dd>{money(paid)}</dd>
            </div>
            <div>
              <dt>{t('transfer.left')}</dt>
              <dd>{money(Math.max(0, transfer.requestedCents - paid))}</dd>
            </div>
          </dl>
          {transfer.residualCentsMax > 0 ? (
            <label className="tick-box">
              <input
                type="checkbox"
                checked={wantsRemainder}
                onChange={(event) => setRemainder(event.target.checked)}
              />
              {t('transfer.remainder', { amount: money(transfer.residualCentsMax) })}
            </label>
          ) : null}
        </>
      ) : null}
      <Sheet title={t('learn.title')} isOpen={isLearning} onClose={() => learn(false)} closeLabel={t('action.gotIt')}>
        <p>{t('learn.found')}</p>
        <p>{t('learn.verify', { team })}</p>
        <p>{t('learn.safe', { team })}</p>
      </Sheet>
    </FlowScreen>
  )
}

function idOf({ id }: ShownAccount): string {
  return id
}

function flawText({ t, money }: Words, code: string, transfer: { readonly loanCentsMin: number } | null): string {
  switch (code) {
    case 'element_flow.loan_exceeded':
      return t('transfer.exceeded')
    case 'element_flow.loan_too_small':
      return t('transfer.tooSmall', { amount: money(transfer?.loanCentsMin ?? 0) })
    default:
      return t('accounts.none')
  }
}

interface ClaimField {
  readonly label: Key
  readonly invalid: Key
  readonly pattern: RegExp
  readonly autoComplete: string
  readonly maxLength: number
  readonly hint?: Key
}

const CLAIM: Readonly<Record<ClaimMember, ClaimField>> = {
  number: {
    label: 'proof.number',
    invalid: 'proof.invalidNumber',
    pattern: /^[A-Za-z0-9]{4,32}$/,
    autoComplete: 'cc-number',
    maxLength: 40,
  },
  expMonth: {
    label: 'proof.expMonth',
    invalid: 'proof.invalidMonth',
    pattern: /^(0[1-9]|1[0-2])$/,
    autoComplete: 'cc-exp-month',
    maxLength: 2,
  },
  expYear: {
    label: 'proof.expYear',
    invalid: 'proof.invalidYear',
    pattern: /^\d{4}$/,
    autoComplete: 'cc-exp-year',
    maxLength: 4,
  },
  cvv: {
    label: 'proof.cvv',
    invalid: 'proof.invalidCvv',
    pattern: /^\d{3,4}$/,
    autoComplete: 'cc-csc',
    maxLength: 4,
    hint: 'proof.cvvHint',
  },
  billingZip: {
    label: 'proof.billingZip',
    invalid: 'address.invalidZip',
    pattern: /^\d{5}$/,
    autoComplete: 'postal-code',
    maxLength: 5,
  },
}

export function Proof() {
  const { screen } = useStage()
  if (screen.proof?.method !== 'micro_deposits') {
    // After a wrong entry, and for the next account, it is typed anew.
    return <CardProof key={`${screen.account?.id} ${screen.proof?.attemptsLeft}`} />
  }
  return screen.proof.isWaiting ? <DepositsUnderWay /> : <Amounts />
}

function AccountCard({ account }: { readonly account: ShownAccount }) {
  const { words } = useStage()
  const { title, detail } = describe(words, account)
  return (
    <div className="account-card">
      <Mark name={account.institution || account.name} />
      <span className="choice-text">
        <span>{title}</span>
        <small>{detail}</small>
      </span>
    </div>
  )
}

function PutOff() {
  const { words, isBusy, send } = useStage()
  return (
    <div className="foot-links">
      <Button kind="quiet" disabled={isBusy} onClick={() => send({ type: 'put_off', which: 'this' })}>
        {words.t('proof.later')}
      </Button>
      <Button kind="quiet" disabled={isBusy} onClick={() => send({ type: 'put_off', which: 'all' })}>
        {words.t('proof.laterAll')}
      </Button>
    </div>
  )
}

function CardProof() {
  const { words, screen, isBusy, flaw, send } = useStage()
  const { t } = words
  const { proof, account } = screen
  const [values, setValues] = useState<Readonly<Partial<Record<ClaimMember, string>>>>({})
  const [flawed, setFlawed] = useState<readonly ClaimMember[]>([])
  if (!proof || !account) return null
  const isLoan = proof.method === 'standard'
  const typed = (member: ClaimMember) => (values[member] ?? '').replace(/[\s-]/g, '')
  const submit = () => {
    const wrong = proof.asks.filter((member) => !CLAIM[member].pattern.test(typed(member)))
    setFlawed(wrong)
    if (wrong.length > 0 || isBusy) return
    const claim = Object.fromEntries(proof.asks.map((member) => [member, typed(member)]))
    send({ type: 'prove', method: proof.method, claim })
  }
  return (
    <FlowScreen
      title={t('proof.title')}
      lead={t(isLoan ? 'proof.leadLoan' : 'proof.leadCard')}
      onBack={() => send({ type: 'choose_again' })}
      onSubmit={submit}
      foot={
        <>
          <Button type="submit" busy={isBusy}>
            {t('proof.check')}
          </Button>
          <PutOff />
        </>
      }
    >
      <AccountCard account={account} />
      <Flawed>
        {flaw
          ? t(flaw.code === 'account_verification.network_unreachable' ? 'proof.unreachable' : 'flaw.other')
          : proof.wrong.length > 0
            ? t('proof.wrong', { left: proof.attemptsLeft })
            : null}
      </Flawed>
      <div className="claim">
        {proof.asks.map((member) => {
          const { label, invalid, autoComplete, maxLength, hint } = CLAIM[member]
          const wasWrong = proof.wrong.includes(member) && values[member] === undefined
          const props = {
            label: t(member === 'number' && isLoan ? 'proof.account' : label),
            name: member,
            autoComplete: isLoan ? 'off' : autoComplete,
            maxLength,
            inputMode: isLoan ? ('text' as const) : ('numeric' as const),
            hint: hint ? t(hint) : undefined,
            value: values[member] ?? '',
            onValue: (value: string) => {
              setValues((now) => ({ ...now, [member]: value }))
              setFlawed((now) => now.filter((other) => other !== member))
            },
            error: flawed.includes(member) ? t(invalid) : wasWrong ? t('proof.wrongField') : null,
          }
          return member === 'cvv' ? (
            <SecretField key={member} {...props} showLabel={t('action.show')} hideLabel={t('action.hide')} />
          ) : (
            <Field key={member} {...props} />
          )
        })}
      </div>
    </FlowScreen>
  )
}

const LOOK_EVERY_MS = 3_000

function DepositsUnderWay() {
  const { words, screen, look } = useStage()
  const { t } = words
  useEffect(() => {
    const timer = setInterval(look, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [look])
  const mask = screen.account?.mask ?? ''
  return (
    <FlowScreen
      name="deposits"
      title={t('deposits.title')}
      lead={t('deposits.waiting', { mask })}
      onBack={undefined}
      foot={<PutOff />}
    >
      <Waiting label={t('deposits.notReady')} />
    </FlowScreen>
  )
}

function Amounts() {
  const { words, screen, isBusy, flaw, send } = useStage()
  const { t } = words
  const { proof, account } = screen
  const [values, setValues] = useState({ first: '', second: '' })
  const [flawed, setFlawed] = useState<readonly string[]>([])
  const names = ['first', 'second'] as const
  const submit = () => {
    const wrong = names.filter((name) => !/^[1-9]\d?$/.test(values[name].trim()))
    setFlawed(wrong)
    if (wrong.length === 0 && !isBusy) {
      send({ type: 'amounts', amountsCents: names.map((name) => Number(values[name])) })
    }
  }
  return (
    <FlowScreen
      name="amounts"
      title={t('deposits.title')}
      lead={t('deposits.lead', { mask: account?.mask ?? '' })}
      onSubmit={submit}
      foot={
        <>
          <Button type="submit" busy={isBusy}>
            {t('proof.check')}
          </Button>
          <PutOff />
        </>
      }
    >
      <Flawed>
        {flaw ? t('flaw.other') : proof?.hasWrongAmounts ? t('deposits.wrong', { left: proof.attemptsLeft }) : null}
      </Flawed>
      <div className="row">
        {names.map((name) => (
          <Field
            key={name}
            label={t(`deposits.${name}`)}
            inputMode="numeric"
            autoComplete="off"
            maxLength={2}
            value={values[name]}
            onValue={(value) => setValues((now) => ({ ...now, [name]: value }))}
            error={flawed.includes(name) ? t('deposits.invalid') : null}
          />
        ))}
      </div>
    </FlowScreen>
  )
}
