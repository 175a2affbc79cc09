import { refuser } from '../refuse.js'

export const reportRefusals = {
  'report.not_found': 'No report has this id. Check the id and the API key.',
  'report.processing': 'The report is still being made. Ask for it until its status is completed, then download it.',
  'report.metadata_too_large': 'metadata must be smaller than 1 KB as JSON. Store less of it.',
} as const

export type ReportRefusal = keyof typeof reportRefusals
export const refuse = refuser(reportRefusals)
