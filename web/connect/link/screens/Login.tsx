import { useState } from 'react'
import { Button, Field, Mark, Notice, SecretField, Waiting } from '../../ui/controls.js'
import { Icon } from '../../ui/icons.js'
import { Screen } from '../../ui/screen.js'
import { markOf } from '../backend.js'
import { brandOf, type ScreenParts, Sheet } from '../parts.js'
import { texts } from '../texts.js'
import type { View } from '../views.js'

type At<Name extends View['at']> = Extract<View, { at: Name }>

/** What there is to know before the login. */
export function Alert({ view, actions, onClose }: ScreenParts & { readonly view: At<'alert'> }) {
  const { institution } = view
  return (
    <Screen
      name="alert"
      title={texts.alert.title(institution.name)}
      lead={texts.alert.text(institution.name)}
      emblem={<Mark name={institution.name} src={markOf(institution.id)} />}
      backLabel={texts.back}
      onBack={actions.dismissAlert}
      closeLabel={texts.close}
      onClose={onClose}
      foot={
        <>
          <Button onClick={() => actions.acceptAlert(institution)}>{texts.alert.goOn}</Button>
          <Button kind="secondary" onClick={actions.dismissAlert}>
            {texts.alert.other}
          </Button>
        </>
      }
    />
  )
}

/** What the institution asks for. What is typed leaves this screen only by its button. */
export function Credentials({
  view,
  actions,
  applicationName,
  onClose,
}: ScreenParts & { readonly view: At<'credentials'> }) {
  const { institution, fields, error, mayGoBack } = view
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const [isChecked, setChecked] = useState(false)
  const [isHelping, setHelping] = useState(false)
  const said = (name: string) => typed[name] ?? ''
  const submit = () => {
    setChecked(true)
    if (fields.every(({ name }) => said(name).trim() !== '')) actions.logIn(typed)
  }
  return (
    <>
      <Screen
        name="credentials"
        title={texts.credentials.title(institution.name)}
        lead={texts.credentials.lead(applicationName)}
        emblem={<Mark name={institution.name} src={markOf(institution.id)} />}
        backLabel={texts.back}
        onBack={mayGoBack ? actions.toFinder : undefined}
        closeLabel={texts.close}
        onClose={onClose}
        onSubmit={submit}
        foot={
          <>
            <Button type="submit">{texts.credentials.submit}</Button>
            <Button
              kind="quiet"
              onClick={() => {
                actions.event('select_help')
                setHelping(true)
              }}
            >
              {texts.credentials.help}
            </Button>
          </>
        }
      >
        {error ? <Notice kind="error">{error.displayed_message}</Notice> : null}
        {fields.map(({ name, label, is_secret: isSecret }) => {
          const missing = isChecked && said(name).trim() === '' ? texts.credentials.missing(label) : null
          const common = {
            label,
            name,
            value: said(name),
            onValue: (value: string) => setTyped({ ...typed, [name]: value }),
            error: missing,
            maxLength: 500,
          }
          return isSecret ? (
            <SecretField
              key={name}
              {...common}
              autoComplete="current-password"
              showLabel={texts.credentials.show}
              hideLabel={texts.credentials.hide}
            />
          ) : (
            <Field key={name} {...common} autoComplete="username" autoCapitalize="none" spellCheck={false} />
          )
        })}
      </Screen>
      {isHelping ? <Help view={view} actions={actions} onDismiss={() => setHelping(false)} /> : null}
    </>
  )
}

function Help({
  view: { institution },
  actions,
  onDismiss,
}: Pick<ScreenParts, 'actions'> & { readonly view: At<'credentials'>; readonly onDismiss: () => void }) {
  const { name, domain } = institution
  return (
    <Sheet title={texts.help.title} onDismiss={onDismiss}>
      <p>{texts.help.text(name)}</p>
      {domain === null ? null : (
        <>
          <a
            className="button"
            data-kind="primary"
            href={`https://${domain}/`}
            target="_blank"
            rel="noopener noreferrer"
            onClick={() => actions.event('select_reset_password')}
          >
            {texts.help.reset}
          </a>
          <a
            className="button"
            data-kind="secondary"
            href={`https://${domain}/`}
            target="_blank"
            rel="noopener noreferrer"
            onClick={() => actions.event('open_institution_website')}
          >
            {texts.help.visit(domain)}
          </a>
        </>
      )}
      <Button kind="quiet" onClick={onDismiss}>
        {texts.help.close}
      </Button>
    </Sheet>
  )
}

/** The way to a page of the institution's own, which only a click may open. */
export function OAuth({ view, actions, onClose }: ScreenParts & { readonly view: At<'oauth'> }) {
  const { institution, isOpen, notice, mayGoBack } = view
  const { name } = institution
  return (
    <Screen
      name="oauth"
      title={isOpen ? texts.oauth.waiting(name) : texts.oauth.title(name)}
      lead={isOpen ? texts.oauth.waitingHint : texts.oauth.lead(name)}
      brand={brandOf(institution)}
      emblem={<Mark name={name} src={markOf(institution.id)} />}
      backLabel={texts.back}
      onBack={mayGoBack ? actions.toFinder : undefined}
      closeLabel={texts.close}
      onClose={onClose}
      foot={
        <Button kind={isOpen ? 'secondary' : 'primary'} onClick={actions.visit}>
          {isOpen ? texts.oauth.again : texts.oauth.open(name)}
          <Icon name="window" size={18} />
        </Button>
      }
    >
      {notice === null ? null : <Notice kind="warning">{notice}</Notice>}
      {isOpen ? <Waiting label={texts.oauth.waitingText} /> : null}
    </Screen>
  )
}
