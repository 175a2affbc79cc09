import { Button, Mark, Waiting } from '../../ui/controls.js'
import { Icon } from '../../ui/icons.js'
import { Screen } from '../../ui/screen.js'
import { markOf } from '../backend.js'
import { Art, brandOf, type ScreenParts } from '../parts.js'
import { texts } from '../texts.js'
import type { View, Way } from '../views.js'

type At<Name extends View['at']> = Extract<View, { at: Name }>

export function Connecting({ view, onClose }: ScreenParts & { readonly view: At<'connecting'> }) {
  const { institution } = view
  return (
    <Screen
      name="connecting"
      title={texts.connecting.title}
      brand={brandOf(institution)}
      closeLabel={texts.close}
      onClose={onClose}
    >
      <Waiting label={institution ? texts.connecting.text(institution.name) : texts.connecting.opening} />
    </Screen>
  )
}

export function Success({
  view,
  actions,
  applicationName,
  doneTitle,
}: ScreenParts & { readonly view: At<'success'>; readonly doneTitle: string | null }) {
  const { institution } = view
  return (
    <Screen
      name="success"
      title={texts.success.title}
      lead={texts.success.lead(institution.name, applicationName)}
      emblem={
        <span className="pair">
          <Mark name={institution.name} src={markOf(institution.id)} />
          <span className="emblem" data-kind="success">
            <Art name="verified">
              <Icon name="check" size={30} />
            </Art>
          </span>
        </span>
      }
      closeLabel={texts.close}
      onClose={actions.finish}
      foot={<Button onClick={actions.finish}>{doneTitle ?? texts.done}</Button>}
    />
  )
}

export function Failed({ view, actions }: ScreenParts & { readonly view: At<'error'> }) {
  const { error, ways } = view
  return (
    <Screen
      name="error"
      title={texts.error.title}
      lead={<span role="alert">{error.displayed_message}</span>}
      emblem={
        <span className="emblem" data-kind="error">
          <Art name="errorSmall">
            <Icon name="alert" size={30} />
          </Art>
        </span>
      }
      closeLabel={texts.close}
      onClose={actions.leave}
      foot={
        <>
          {ways.map((way, index) => (
            <Button key={way} kind={index === 0 ? 'primary' : 'secondary'} onClick={() => goBy(way, actions)}>
              {LABELS[way]}
            </Button>
          ))}
          {error.request_id === null ? null : <small>{texts.error.number(error.request_id)}</small>}
        </>
      }
    />
  )
}

const LABELS = {
  retry: texts.retry,
  another_institution: texts.error.another,
  close: texts.close,
} as const satisfies Record<Way, string>

function goBy(way: Way, actions: ScreenParts['actions']): void {
  if (way === 'retry') actions.retry()
  else if (way === 'another_institution') actions.toFinder()
  else actions.leave()
}

export function Elsewhere() {
  return <Screen name="elsewhere" title={texts.elsewhere.title} lead={texts.elsewhere.lead} />
}
