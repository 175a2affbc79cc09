import { defineCommand } from 'citty'
import { DEMO_TEAM, type TeamName, type TeamSettings } from '../../core/teams/teams.js'
import { type Recipe, recipes } from '../../faces/method/recipes/recipes.js'
import { StageRefused, stageOf } from '../../faces/method/recipes/stage.js'
import type { Admin } from '../admin.js'
import { Problem } from '../problem.js'
import { overlaid, uncovered } from '../team-settings.js'
import { administer } from './administer.js'
import { explained } from './explain.js'

export const trigger = defineCommand({
  meta: {
    name: 'trigger',
    description: 'Make the change that a type of event tells of. A running server sends the webhooks.',
  },
  args: {
    type: { type: 'positional', required: false, description: 'Such as account.closed' },
    list: { type: 'boolean', default: false, description: 'List every type instead' },
    team: {
      type: 'string',
      default: DEMO_TEAM,
      description: 'The name of the team, in development',
      valueHint: 'name',
    },
  },
  run: ({ args: { type, list, team } }) =>
    explained(async () => {
      if (list) process.stdout.write(`${listed()}\n`)
      else {
        const recipe = recipeOf(type)
        await administer((admin) => play(admin, { name: team, environment: 'development' }, recipe), {
          runsFetches: true,
        })
      }
    }),
})

function listed(): string {
  return Object.entries(recipes)
    .map(([type, recipe]) => ('make' in recipe ? type : `${type}  (never sent: ${recipe.neverSent})`))
    .sort()
    .join('\n')
}

interface Named extends Recipe {
  readonly type: string
}

function recipeOf(type: string | undefined): Named {
  const recipe = Object.entries(recipes).find(([name]) => name === type)?.[1]
  if (type === undefined || !recipe) {
    throw new Problem(
      `${type === undefined ? 'Name a type of event' : `"${type}" is no type of event`}: "clearspan trigger --list" has them.`,
    )
  }
  if (!('make' in recipe)) throw new Problem(`${type} is never sent. ${recipe.neverSent}`)
  return { ...recipe, type }
}

async function play(admin: Admin, wanted: TeamName, { type, version, needs, make }: Named): Promise<string> {
  const stage = stageOf(await admin.askAs(wanted), version, (method, path, id) => {
    process.stdout.write(`${method} ${path}${id === null ? '' : `  →  ${id}`}\n`)
  })
  try {
    const operator = { rotateSigningKey: () => admin.rotateSigningKey('webhook') }
    const path = await settledMeanwhile(admin, wanted, needs, () => make(stage, operator))
    const id = path.slice(path.lastIndexOf('/') + 1)
    const newest = stageOf(await admin.askAs(wanted), '2025-12-01')
    const events = await newest.get(`/events?type=${type}&resource_id=${id}&page_limit=1`)
    return `${type}  ${path}  ${events[0]?.id ?? '(no event is kept of this type)'}`
  } catch (error) {
    if (error instanceof StageRefused) throw new Problem(error.message, { cause: error })
    throw error
  }
}

/** Settles something for a team while work is done, and puts it back. */
async function settledMeanwhile<Result>(
  admin: Admin,
  wanted: TeamName,
  needs: TeamSettings | null,
  work: () => Promise<Result>,
): Promise<Result> {
  if (needs === null) return work()
  const { settings: before } = await admin.showTeam(wanted)
  await admin.changeTeam(wanted, (settings) => overlaid(settings, needs))
  try {
    return await work()
  } finally {
    await admin.changeTeam(wanted, (settings) => uncovered(settings, needs, before))
  }
}
