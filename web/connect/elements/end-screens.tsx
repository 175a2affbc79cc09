/** Screens on which nothing is asked for: how it went, and what may be done about it. */
import { Button, Mark } from '../ui/controls.js'
import { Icon, type IconProps } from '../ui/icons.js'
import { Screen } from '../ui/screen.js'
import { describe } from './account-screens.js'
import type { Words } from './i18n.js'
import { FlowScreen, useStage } from './stage.js'

function Emblem({ kind, icon }: { readonly kind: 'success' | 'error' | 'info'; readonly icon: IconProps['name'] }) {
  return (
    <span className="emblem" data-kind={kind}>
      <Icon name={icon} size={32} />
    </span>
  )
}

export function AuthSuccess() {
  const { words, screen, isBusy, send } = useStage()
  const { t } = words
  const isAuth = screen.elementType === 'auth'
  return (
    <FlowScreen
      emblem={<Emblem kind="success" icon="check" />}
      title={t('authenticated.title')}
      lead={t(isAuth ? 'authenticated.leadAuth' : 'authenticated.lead')}
      foot={
        <Button busy={isBusy} onClick={() => send({ type: 'continue', step: 'auth_success' })}>
          {t(isAuth ? 'action.done' : 'action.continue')}
        </Button>
      }
    />
  )
}

export function AuthFailure() {
  const { words, screen, isBusy, send } = useStage()
  const { t } = words
  return (
    <FlowScreen
      emblem={<Emblem kind="error" icon="alert" />}
      title={t('failed.title')}
      lead={t(`failed.${screen.failure ?? 'not_offered'}`, { team: screen.team.name })}
      foot={
        <Button busy={isBusy} onClick={() => send({ type: 'continue', step: 'auth_failure' })}>
          {t('action.done')}
        </Button>
      }
    />
  )
}

export function Finished() {
  const { words, screen, isBusy, send } = useStage()
  const { t } = words
  const { accounts, step, transfer } = screen
  const isNone = accounts.length === 0
  const names = transfer
    ? (['success.titleTransfer', 'success.leadTransfer'] as const)
    : step === 'success'
      ? (['success.title', 'success.lead'] as const)
      : (['empty.title', 'empty.lead'] as const)
  const [title, lead] = isNone ? (['empty.noneTitle', 'empty.noneLead'] as const) : names
  return (
    <FlowScreen
      emblem={isNone ? <Emblem kind="info" icon="search" /> : <Emblem kind="success" icon="check" />}
      title={t(title)}
      lead={t(lead, { team: screen.team.name })}
      foot={
        <Button busy={isBusy} onClick={() => send({ type: 'continue', step })}>
          {t('action.done')}
        </Button>
      }
    >
      {isNone ? null : (
        <ul className="account-list">
          {accounts.map((account) => {
            const { title: shown, detail } = describe(words, account)
            return (
              <li className="account-card" key={account.id}>
                <Mark name={account.institution || account.name} />
                <span className="choice-text">
                  <span>{shown}</span>
                  <small>{account.unproven ? `${detail} · ${t('done.skipped')}` : detail}</small>
                </span>
              </li>
            )
          })}
        </ul>
      )}
    </FlowScreen>
  )
}

export function Trouble() {
  const { words, screen, isBusy, send } = useStage()
  const { t } = words
  const isConnect = screen.isRetryable && screen.accounts.length === 0
  return (
    <FlowScreen
      emblem={<Emblem kind="error" icon="alert" />}
      title={t(isConnect ? 'error.titleConnect' : screen.isRetryable ? 'error.titleAccount' : 'error.titleNone')}
      lead={t(screen.isRetryable ? 'error.lead' : 'error.leadNone')}
      foot={
        <>
          {screen.isRetryable ? (
            <Button busy={isBusy} onClick={() => send({ type: 'retry' })}>
              {t('action.retry')}
            </Button>
          ) : null}
          {isConnect ? null : (
            <Button
              kind={screen.isRetryable ? 'secondary' : 'primary'}
              busy={isBusy && !screen.isRetryable}
              onClick={() => send({ type: 'choose_again' })}
            >
              {t('proof.again')}
            </Button>
          )}
        </>
      }
    />
  )
}

/** Nothing can be done here, or nothing any more: whoever embeds the page has been told. */
export function Ended({ words, kind }: { readonly words: Words; readonly kind: 'expired' | 'refused' | 'over' }) {
  const { t } = words
  const isOver = kind === 'over'
  const [title, lead] = isOver
    ? (['over.title', 'over.lead'] as const)
    : kind === 'expired'
      ? (['lost.title', 'lost.lead'] as const)
      : (['lost.titleOther', 'lost.leadOther'] as const)
  return (
    <Screen
      name={isOver ? 'over' : kind === 'expired' ? 'expired' : 'refused'}
      emblem={<Emblem kind={isOver ? 'success' : 'error'} icon={isOver ? 'check' : 'alert'} />}
      title={t(title)}
      lead={t(lead)}
    />
  )
}
