import { useEffect, useState } from 'react'
import { Button, Mark, Notice, Waiting } from '../../ui/controls.js'
import { Icon } from '../../ui/icons.js'
import { Screen } from '../../ui/screen.js'
import { type Backend, markOf } from '../backend.js'
import type { Journal } from '../journal.js'
import type { Looks } from '../looks.js'
import { AppBrand, Art, type ScreenParts } from '../parts.js'
import { texts } from '../texts.js'
import type { OfferedInstitution } from '../wire.js'

interface FinderProps extends ScreenParts {
  readonly backend: Backend
  readonly journal: Journal
  readonly looks: Looks
  readonly mayConnectManually: boolean
}

interface Found {
  readonly term: string
  readonly institutions: readonly OfferedInstitution[]
  readonly next: string | null
}

// So that not every key is a search.
const TYPING_PAUSE_MS = 180

/** The banks to choose from, the popular ones first, and a search by name. */
export function Finder({
  backend,
  journal,
  looks,
  mayConnectManually,
  actions,
  applicationName,
  onClose,
}: FinderProps) {
  const [typed, setTyped] = useState('')
  const [found, setFound] = useState<Found | null>(null)
  const [isSearching, setSearching] = useState(false)
  useEffect(() => {
    const term = typed.trim()
    if (found?.term === term) return
    setSearching(true)
    let isWanted = true
    const pause = setTimeout(
      () => {
        backend.institutions({ name: term === '' ? null : term, cursor: null }).then(
          (page) => {
            if (!isWanted) return
            setFound({ ...page, term })
            setSearching(false)
            if (term !== '') journal.event('search_institution', { search_term: term })
          },
          (error: unknown) => {
            if (isWanted) actions.fail(error)
          },
        )
      },
      found === null ? 0 : TYPING_PAUSE_MS,
    )
    return () => {
      isWanted = false
      clearTimeout(pause)
    }
  }, [typed, found, backend, journal, actions])
  const showMore = () => {
    if (!found?.next) return
    backend
      .institutions({ name: found.term === '' ? null : found.term, cursor: found.next })
      .then(
        ({ institutions, next }) =>
          setFound({ ...found, institutions: [...found.institutions, ...institutions], next }),
        actions.fail,
      )
  }
  const lead = looks.text('screens.finder.subtitle')
  return (
    <Screen
      name="finder"
      title={looks.text('screens.finder.title') ?? texts.finder.title}
      {...(lead === null ? {} : { lead })}
      brand={<AppBrand name={applicationName} />}
      closeLabel={texts.close}
      onClose={onClose}
      foot={
        mayConnectManually ? (
          <Button kind="quiet" onClick={actions.connectManually}>
            {texts.finder.manually}
          </Button>
        ) : undefined
      }
    >
      <div className="search">
        <span className="search-icon">
          <Art name="search">
            <Icon name="search" size={18} />
          </Art>
        </span>
        <input
          type="search"
          className="search-input"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          aria-label={texts.finder.searchLabel}
          placeholder={looks.text('screens.finder.searchPlaceholder') ?? texts.finder.searchPlaceholder}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
        />
      </div>
      {found === null ? (
        <Waiting label={texts.finder.loading} />
      ) : (
        <section className="cells" aria-busy={isSearching}>
          <h2>{found.term === '' ? texts.finder.popular : texts.finder.found}</h2>
          <Cells found={found} onPick={actions.pick} />
          {found.next === null ? null : (
            <Button kind="quiet" onClick={showMore}>
              {texts.finder.more}
            </Button>
          )}
        </section>
      )}
    </Screen>
  )
}

function Cells({
  found: { institutions, term },
  onPick,
}: {
  readonly found: Found
  readonly onPick: (institution: OfferedInstitution) => void
}) {
  if (institutions.length === 0) {
    return <Notice>{term === '' ? texts.finder.nothingAtAll : texts.finder.nothing(term)}</Notice>
  }
  return (
    <ul>
      {institutions.map((institution) => (
        <li key={institution.id}>
          <button type="button" className="cell" onClick={() => onPick(institution)}>
            <Mark name={institution.name} src={markOf(institution.id)} />
            <span className="cell-text">
              <span>{institution.name}</span>
              {institution.domain ? <small>{institution.domain}</small> : null}
            </span>
            <Icon name="chevron" size={18} />
          </button>
        </li>
      ))}
    </ul>
  )
}
