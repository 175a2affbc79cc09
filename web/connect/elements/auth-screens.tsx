/** The Auth step: who the person is. */
import { useEffect, useRef, useState } from 'react'
import { Button, Choices, Field, Notice } from '../ui/controls.js'
import { Icon, type IconProps } from '../ui/icons.js'
import { Continue, useForm } from './form.js'
import type { Key } from './i18n.js'
import { FlowScreen, useStage } from './stage.js'

const PRODUCTS = [
  'balance',
  'payoff',
  'transaction',
  'card_brand',
  'update',
  'sensitive',
  'payment',
  'attribute',
  'payment_instrument',
]

export function Intro() {
  const { words, screen, isBusy, send } = useStage()
  const { t, money, percent } = words
  const { transfer, phoneEnd } = screen
  const team = screen.team.name
  const isAuth = screen.elementType === 'auth'
  const points: readonly [IconProps['name'], Key, Key][] = [
    ['phone', 'intro.point1', 'intro.point1Detail'],
    ...(isAuth ? [] : [['bank', 'intro.point2', 'intro.point2Detail'] as const]),
    ['lock', 'intro.point3', 'intro.point3Detail'],
  ].map(([icon, title, detail]) => [icon as IconProps['name'], title as Key, detail as Key])
  return (
    <FlowScreen
      title={t(transfer ? 'intro.titleTransfer' : isAuth ? 'intro.titleAuth' : 'intro.title', { team })}
      lead={
        transfer
          ? t('intro.leadTransfer', {
              amount: money(transfer.requestedCents),
              rate: percent(transfer.requestedRatePercent),
              months: transfer.requestedTermMonths,
              payment: money(transfer.monthlyPaymentCents),
            })
          : undefined
      }
      foot={
        <>
          {phoneEnd ? <small>{t('intro.text', { end: phoneEnd })}</small> : null}
          <Button busy={isBusy} onClick={() => send({ type: 'continue', step: 'intro' })}>
            {t('action.continue')}
          </Button>
        </>
      }
    >
      <ul className="points">
        {points.map(([icon, title, detail]) => (
          <li key={title}>
            <span className="point-icon">
              <Icon name={icon} />
            </span>
            <span>
              <strong>{t(title)}</strong>
              <span>{t(detail)}</span>
            </span>
          </li>
        ))}
      </ul>
    </FlowScreen>
  )
}

const CODE_NOTES = {
  wrong_code: 'code.wrong',
  code_expired: 'code.expired',
  code_resent: 'code.resent',
  code_not_sent: 'code.notSent',
} as const

export function PhoneCode() {
  const { words, screen, isBusy, send } = useStage()
  const { t } = words
  const form = useForm({ code: '' })
  const { note } = screen
  const sent = useRef(screen.codesLeft)
  const setCode = form.set('code')
  // Another code was sent: the one before is of no use any more.
  useEffect(() => {
    if (sent.current === screen.codesLeft) return
    sent.current = screen.codesLeft
    setCode('')
    document.querySelector<HTMLElement>('input.code')?.focus()
  })
  const submit = (code = form.values.code) => {
    if (form.check(/^\d{6}$/.test(code) ? [] : ['code']) && !isBusy) send({ type: 'code', code })
  }
  return (
    <FlowScreen
      title={t('code.title')}
      lead={t('code.lead', { end: screen.phoneEnd ?? '' })}
      onSubmit={() => submit()}
      foot={
        <>
          <Continue />
          {screen.codesLeft > 0 ? (
            <Button kind="quiet" disabled={isBusy} onClick={() => send({ type: 'resend' })}>
              {t('code.resend')}
            </Button>
          ) : (
            <small>{t('code.last')}</small>
          )}
        </>
      }
    >
      {note && note !== 'wrong_answers' ? (
        <Notice kind={note === 'code_resent' ? 'success' : 'error'}>{t(CODE_NOTES[note])}</Notice>
      ) : null}
      <Field
        isCode
        label={t('code.label')}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={6}
        value={form.values.code}
        onValue={(value) => {
          const code = value.replace(/\D/g, '')
          setCode(code)
          if (code.length === 6 && form.values.code.length < 6) submit(code)
        }}
        error={form.flawed.length > 0 ? t('code.invalid') : null}
      />
    </FlowScreen>
  )
}

export function Questions() {
  const { words, screen, isBusy, send } = useStage()
  const { t } = words
  const { questions, note } = screen
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({})
  const [isMissing, setMissing] = useState(false)
  const submit = () => {
    const answers = questions.flatMap(({ id }) => (chosen[id] ? [{ questionId: id, answerId: chosen[id] }] : []))
    setMissing(answers.length < questions.length)
    if (answers.length === questions.length && !isBusy) send({ type: 'answers', answers })
  }
  return (
    <FlowScreen title={t('questions.title')} lead={t('questions.lead')} onSubmit={submit} foot={<Continue />}>
      {note === 'wrong_answers' ? <Notice kind="error">{t('questions.wrong')}</Notice> : null}
      {questions.map(({ id, text, answers }) => (
        <section className="question" key={id}>
          <h2>{text}</h2>
          <Choices
            legend={text}
            choices={answers.map((answer) => ({ id: answer.id, title: answer.text }))}
            chosen={chosen[id] ? [chosen[id]] : []}
            onChosen={([answerId]) => setChosen((now) => (answerId ? { ...now, [id]: answerId } : now))}
          />
        </section>
      ))}
      {isMissing ? <Notice kind="error">{t('questions.missing')}</Notice> : null}
    </FlowScreen>
  )
}

export function Consent() {
  const { words, screen, isBusy, send } = useStage()
  const { t } = words
  const team = screen.team.name
  const products = screen.products.filter((name) => PRODUCTS.includes(name))
  return (
    <FlowScreen
      title={t('consent.title', { team })}
      lead={t('consent.lead', { team })}
      foot={
        <Button busy={isBusy} onClick={() => send({ type: 'continue', step: 'consent' })}>
          {t(isBusy ? 'consent.working' : 'consent.agree')}
        </Button>
      }
    >
      <ul className="ticks">
        <li>
          <Icon name="check" />
          {t('consent.details')}
        </li>
        {products.map((name) => (
          <li key={name}>
            <Icon name="check" />
            {t(`product.${name}` as Key)}
          </li>
        ))}
      </ul>
      <div className="small-print">
        <p>{t('consent.soft')}</p>
        <p>{t('consent.withdraw', { team })}</p>
      </div>
    </FlowScreen>
  )
}
