/** Screens that ask who somebody is, each for what is missing only. */
import { Field, Notice, SecretField } from '../ui/controls.js'
import { Continue, useForm } from './form.js'
import { FlowScreen, useStage } from './stage.js'

export function Name() {
  const { words, screen, isBusy, flaw, send } = useStage()
  const { t } = words
  const form = useForm({ firstName: '', lastName: '' })
  const fields = [
    { name: 'firstName', label: 'name.first', autoComplete: 'given-name' },
    { name: 'lastName', label: 'name.last', autoComplete: 'family-name' },
  ] as const
  const asked = fields.filter(({ name }) => screen.missing.includes(name))
  const submit = () => {
    const isFine = form.check(asked.map(({ name }) => name).filter((name) => form.values[name].trim() === ''))
    const said = Object.fromEntries(asked.map(({ name }) => [name, form.values[name].trim()]))
    if (isFine && !isBusy) send({ type: 'details', step: 'name', ...said })
  }
  return (
    <FlowScreen title={t('name.title')} lead={t('name.lead')} onSubmit={submit} foot={<Continue />}>
      {asked.map(({ name, label, autoComplete }) => (
        <Field
          key={name}
          label={t(label)}
          name={name}
          autoComplete={autoComplete}
          maxLength={100}
          value={form.values[name]}
          onValue={form.set(name)}
          error={form.flawed.includes(name) || flaw?.member === `individual.${name}` ? t('name.invalid') : null}
        />
      ))}
    </FlowScreen>
  )
}

export function Phone() {
  const { words, isBusy, flaw, send } = useStage()
  const { t } = words
  const form = useForm({ phone: '' })
  const digits = form.values.phone.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '')
  const submit = () => {
    if (form.check(digits.length === 10 ? [] : ['phone']) && !isBusy) {
      send({ type: 'details', step: 'phone', phone: `+1${digits}` })
    }
  }
  const isRestricted = flaw?.code === 'consumer.restricted_details' || flaw?.code === 'consumer.duplicate_details'
  return (
    <FlowScreen title={t('phone.title')} lead={t('phone.lead')} onSubmit={submit} foot={<Continue />}>
      <Field
        label={t('phone.label')}
        name="phone"
        type="tel"
        inputMode="tel"
        autoComplete="tel-national"
        maxLength={20}
        hint={t('phone.hint')}
        value={form.values.phone}
        onValue={form.set('phone')}
        error={isRestricted ? t('phone.restricted') : form.flawed.length > 0 || flaw ? t('phone.invalid') : null}
      />
    </FlowScreen>
  )
}

const MONTHS = Array.from({ length: 12 }, (_, index) => index + 1)

export function Dob() {
  const { words, isBusy, flaw, send } = useStage()
  const { t, month } = words
  const form = useForm({ month: '', day: '', year: '' })
  const { values } = form
  const error = form.flawed.length > 0 || flaw ? t('dob.invalid') : null
  const submit = () => {
    const dob = `${values.year}-${values.month.padStart(2, '0')}-${values.day.padStart(2, '0')}`
    const isDate = /^\d{4}-\d{2}-\d{2}$/.test(dob) && isPast(dob)
    if (form.check(isDate ? [] : ['month', 'day', 'year']) && !isBusy) send({ type: 'details', step: 'dob', dob })
  }
  return (
    <FlowScreen title={t('dob.title')} lead={t('dob.lead')} onSubmit={submit} foot={<Continue />}>
      <fieldset className="date">
        <legend className="visually-hidden">{t('dob.title')}</legend>
        <div className="field">
          <label htmlFor="dob-month">{t('dob.month')}</label>
          <select
            id="dob-month"
            autoComplete="bday-month"
            value={values.month}
            aria-invalid={error !== null}
            onChange={(event) => form.set('month')(event.target.value)}
          >
            <option value="">{t('dob.choose')}</option>
            {MONTHS.map((number) => (
              <option key={number} value={number}>
                {month(number)}
              </option>
            ))}
          </select>
        </div>
        <Field
          label={t('dob.day')}
          inputMode="numeric"
          autoComplete="bday-day"
          maxLength={2}
          value={values.day}
          onValue={form.set('day')}
          aria-invalid={error !== null}
        />
        <Field
          label={t('dob.year')}
          inputMode="numeric"
          autoComplete="bday-year"
          maxLength={4}
          value={values.year}
          onValue={form.set('year')}
        />
      </fieldset>
      {error ? <Notice kind="error">{error}</Notice> : null}
    </FlowScreen>
  )
}

function isPast(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date) && at.getTime() < Date.now()
}

const STATES =
  'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI'.split(
    ' ',
  )

export function Address() {
  const { words, isBusy, flaw, send } = useStage()
  const { t } = words
  const form = useForm({ line1: '', line2: '', city: '', state: '', zip: '' })
  const { values } = form
  const isWrong = (name: keyof typeof values) => form.flawed.includes(name) || flaw?.member === `address.${name}`
  const submit = () => {
    const wrong = (['line1', 'city', 'state'] as const).filter((name) => values[name].trim() === '')
    const isZip = /^\d{5}(-\d{4})?$/.test(values.zip.trim())
    if (!form.check(isZip ? wrong : [...wrong, 'zip']) || isBusy) return
    const said = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim() || null]))
    send({ type: 'details', step: 'address', ...said })
  }
  return (
    <FlowScreen title={t('address.title')} lead={t('address.lead')} onSubmit={submit} foot={<Continue />}>
      <Field
        label={t('address.line1')}
        autoComplete="address-line1"
        maxLength={100}
        value={values.line1}
        onValue={form.set('line1')}
        error={isWrong('line1') ? t('address.required') : null}
      />
      <Field
        label={t('address.line2')}
        autoComplete="address-line2"
        maxLength={100}
        value={values.line2}
        onValue={form.set('line2')}
      />
      <Field
        label={t('address.city')}
        autoComplete="address-level2"
        maxLength={100}
        value={values.city}
        onValue={form.set('city')}
        error={isWrong('city') ? t('address.required') : null}
      />
      <div className="row">
        <div className="field">
          <label htmlFor="state">{t('address.state')}</label>
          <select
            id="state"
            autoComplete="address-level1"
            value={values.state}
            aria-invalid={isWrong('state')}
            aria-describedby={isWrong('state') ? 'state-error' : undefined}
            onChange={(event) => form.set('state')(event.target.value)}
          >
            <option value="">{t('dob.choose')}</option>
            {STATES.map((code) => (
              <option key={code}>{code}</option>
            ))}
          </select>
          {isWrong('state') ? (
            <span className="field-error" id="state-error" role="alert">
              {t('address.invalidState')}
            </span>
          ) : null}
        </div>
        <Field
          label={t('address.zip')}
          inputMode="numeric"
          autoComplete="postal-code"
          maxLength={10}
          value={values.zip}
          onValue={form.set('zip')}
          error={isWrong('zip') ? t('address.invalidZip') : null}
        />
      </div>
    </FlowScreen>
  )
}

export function Ssn4() {
  const { words, isBusy, flaw, send } = useStage()
  const { t } = words
  const form = useForm({ ssn4: '' })
  const submit = () => {
    const { ssn4 } = form.values
    if (form.check(/^(?!0000)\d{4}$/.test(ssn4) ? [] : ['ssn4']) && !isBusy) {
      send({ type: 'details', step: 'ssn4', ssn4 })
    }
  }
  return (
    <FlowScreen title={t('ssn.title')} lead={t('ssn.lead')} onSubmit={submit} foot={<Continue />}>
      <SecretField
        label={t('ssn.label')}
        inputMode="numeric"
        autoComplete="off"
        maxLength={4}
        showLabel={t('action.show')}
        hideLabel={t('action.hide')}
        value={form.values.ssn4}
        onValue={form.set('ssn4')}
        error={form.flawed.length > 0 ? t('ssn.invalid') : flaw ? t('ssn.doubted') : null}
      />
    </FlowScreen>
  )
}
