import { useState } from 'react'
import { Button, Choices, Field } from '../../ui/controls.js'
import { Icon } from '../../ui/icons.js'
import { Screen } from '../../ui/screen.js'
import { Art, brandOf, type ScreenParts } from '../parts.js'
import { texts } from '../texts.js'
import { answersName, type View } from '../views.js'
import type { Challenge } from '../wire.js'

/** Whatever the institution asks after the credentials: all of it on one screen, answered together. */
export function Answers({
  view,
  actions,
  goOn,
  onClose,
}: ScreenParts & { readonly view: Extract<View, { at: 'answers' }> }) {
  const { institution, challenges } = view
  const [said, setSaid] = useState<Readonly<Record<string, string>>>({})
  const [isChecked, setChecked] = useState(false)
  const name = answersName(challenges)
  const submit = () => {
    setChecked(true)
    const answers = challenges.map(({ id }) => ({ id, value: (said[id] ?? '').trim() }))
    if (answers.every(({ value }) => value !== '')) actions.answer(answers)
  }
  return (
    <Screen
      name={`answers-${challenges.map(({ id }) => id).join('-')}`}
      title={texts.answers.titles[name]}
      lead={texts.answers.lead(institution.name)}
      brand={brandOf(institution)}
      backLabel={texts.back}
      onBack={actions.toLogin}
      closeLabel={texts.close}
      onClose={onClose}
      onSubmit={submit}
      foot={
        <>
          <Button type="submit">{goOn ?? texts.goOn}</Button>
          {name === 'OTP' ? (
            <Button kind="quiet" onClick={actions.toLogin}>
              {texts.answers.again}
            </Button>
          ) : null}
        </>
      }
    >
      {challenges.map((challenge) => (
        <Question
          key={challenge.id}
          challenge={challenge}
          value={said[challenge.id] ?? ''}
          isChecked={isChecked}
          onValue={(value) => setSaid({ ...said, [challenge.id]: value })}
        />
      ))}
    </Screen>
  )
}

interface QuestionProps {
  readonly challenge: Challenge
  readonly value: string
  readonly isChecked: boolean
  readonly onValue: (value: string) => void
}

function Question({ challenge, value, isChecked, onValue }: QuestionProps) {
  const { kind, label, image, options } = challenge
  const isMissing = isChecked && value.trim() === ''
  if (kind === 'options' || kind === 'image_options') {
    return (
      <div className="field">
        <span className="field-label">{label}</span>
        <Choices
          legend={label}
          choices={options.map((option) => ({
            id: option.id,
            title: option.label,
            mark: option.image ? <img className="choice-picture" src={option.image} alt="" /> : deviceMark(option.id),
          }))}
          chosen={value === '' ? [] : [value]}
          onChosen={([chosen = '']) => onValue(chosen)}
        />
        {isMissing ? (
          <span className="field-error" role="alert">
            {texts.answers.choose}
          </span>
        ) : null}
      </div>
    )
  }
  return (
    <>
      {image ? <img className="question-picture" src={image} alt={texts.answers.picture} /> : null}
      <Field
        label={label}
        value={value}
        onValue={onValue}
        isCode={kind === 'one_time_code'}
        error={isMissing ? texts.answers.missing : null}
        maxLength={500}
        {...(kind === 'one_time_code'
          ? { autoComplete: 'one-time-code', inputMode: 'numeric' as const }
          : { autoComplete: 'off' })}
      />
    </>
  )
}

function deviceMark(id: string) {
  if (/^(sms|text)/i.test(id)) {
    return (
      <Art name="mfaSms">
        <Icon name="phone" />
      </Art>
    )
  }
  if (/^email/i.test(id)) {
    return (
      <Art name="mfaEmail">
        <Icon name="mail" />
      </Art>
    )
  }
  if (/^(phone|call|voice)/i.test(id)) {
    return (
      <Art name="mfaPhone">
        <Icon name="phone" />
      </Art>
    )
  }
  return null
}
