/** What of a theme the page takes: a path in it, the custom property it becomes, and the CSS property it must be good for. */

export interface Member {
  readonly path: string
  readonly variable: string
  readonly property: string
  /** Where older launchers have it. */
  readonly otherwise?: string
}

const member = (path: string, variable: string, property: string, otherwise?: string): Member => ({
  path,
  variable: `--${variable}`,
  property,
  ...(otherwise ? { otherwise } : {}),
})

const COLORS = [
  ['accent', 'accent'],
  ['primaryBackground', 'surface'],
  ['secondaryBackground', 'surface-sunken'],
  ['primaryContent', 'content'],
  ['secondaryContent', 'content-second'],
  ['primaryForeground', 'ink'],
  ['secondaryForeground', 'ink-soft'],
  ['tertiaryForeground', 'ink-faint'],
  ['primaryFill', 'fill'],
  ['secondaryFill', 'fill-second'],
  ['tertiaryFill', 'fill-third'],
  ['success', 'success'],
  ['warning', 'warning'],
  ['error', 'danger'],
  ['separator', 'line'],
  ['selection', 'accent-soft'],
] as const

export const MEMBERS: readonly Member[] = [
  ...COLORS.map(([name, variable]) => member(`colors.${name}`, variable, 'color')),
  member('typography.fontFamily', 'font', 'font-family'),
  member('spacing.contentHorizontalInset', 'inset', 'padding-left'),
  member('spacing.buttonHorizontalInset', 'button-inset', 'padding-left'),
  member('components.navigationBar.height', 'bar-height', 'height'),
  member('components.contentView.borderRadius', 'content-radius', 'border-radius'),
  member('components.contentView.boxShadow', 'content-shadow', 'box-shadow'),
  member('components.contentView.border', 'content-border', 'border'),
  member('components.button.height', 'button-height', 'height', 'components.buttonPrimary.height'),
  member('components.button.borderRadius', 'button-radius', 'border-radius', 'components.buttonPrimary.borderRadius'),
  member('components.searchInput.backgroundColor', 'search-background', 'background-color'),
  member('components.searchInput.height', 'search-height', 'height'),
  member('components.searchInput.borderRadius', 'search-radius', 'border-radius'),
  member('components.searchInput.border', 'search-border', 'border'),
  member('components.searchInput.focus.backgroundColor', 'search-focus-background', 'background-color'),
  member('components.searchInput.focus.border', 'search-focus-border', 'border'),
  member('components.searchInput.focus.boxShadow', 'search-focus-shadow', 'box-shadow'),
  member('components.textField.backgroundColor', 'field-background', 'background-color'),
  member('components.textField.height', 'field-height', 'height'),
  member('components.textField.borderRadius', 'field-radius', 'border-radius'),
  member('components.textField.boxShadow', 'field-shadow', 'box-shadow'),
  member('components.textField.focus.backgroundColor', 'field-focus-background', 'background-color'),
  member('components.textField.focus.border', 'field-focus-border', 'border'),
  member('components.textField.focus.boxShadow', 'field-focus-shadow', 'box-shadow'),
  member('components.progressSpinner.color', 'spinner-color', 'color'),
  member('components.progressSpinner.diameter', 'spinner-diameter', 'opacity'),
  member('components.progressSpinner.strokeWidth', 'spinner-stroke', 'opacity'),
  member('components.progressSpinner.lineCap', 'spinner-cap', 'stroke-linecap'),
  member('components.icon.strokeWidth', 'icon-stroke', 'opacity'),
  member('components.icon.lineCap', 'icon-cap', 'stroke-linecap'),
  member('components.separator.height', 'separator-height', 'height'),
  member('components.checkbox.offColor', 'checkbox-off', 'color'),
  member('components.checkbox.onColor', 'checkbox-on', 'color'),
  member('components.radio.offColor', 'radio-off', 'color'),
  member('components.radio.onColor', 'radio-on', 'color'),
  member('components.connectedIcon.color', 'connected-color', 'color'),
  member('screens.finder.institutionCellBoxShadow', 'cell-shadow', 'box-shadow'),
  member('screens.finder.institutionCellBorderRadius', 'cell-radius', 'border-radius'),
  member('screens.finder.institutionCellBorder', 'cell-border', 'border'),
  member('screens.finder.institutionCellSpacing', 'cell-spacing', 'padding-left'),
  member('screens.finder.institutionCellBackgroundColor', 'cell-background', 'background-color'),
  member('modal.borderRadius', 'modal-radius', 'border-radius'),
  member('modal.boxShadow', 'modal-shadow', 'box-shadow'),
  member('modal.overlayBackgroundColor', 'overlay', 'background-color'),
  member('modal.overlayBackdropFilter', 'overlay-filter', 'backdrop-filter'),
  member('popover.borderRadius', 'popover-radius', 'border-radius'),
  member('popover.boxShadow', 'popover-shadow', 'box-shadow'),
]

/** Styles of text: each has a family, size, line height, letter spacing and weight. */
export const STYLES = [
  { path: 'largeTitle', variable: 'large-title' },
  { path: 'title1', variable: 'title-1' },
  { path: 'title2', variable: 'title-2' },
  { path: 'title3', variable: 'title-3' },
  { path: 'body', variable: 'body' },
  { path: 'smallBody', variable: 'small' },
  { path: 'button', variable: 'button' },
  { path: 'input', variable: 'input' },
] as const

export const PICTURES = [
  'close',
  'search',
  'spinner',
  'radio',
  'radioChecked',
  'checkbox',
  'checkboxChecked',
  'verified',
  'permissionAccountNumbers',
  'permissionBalances',
  'permissionIdentity',
  'permissionTransactions',
  'permissionInvestments',
  'mfaSms',
  'mfaEmail',
  'mfaPhone',
  'errorSmall',
  'navLogo',
] as const

export type PictureName = (typeof PICTURES)[number]

/** Texts of a theme take the place of ours. */
export const TEXTS = [
  'components.button.continueTitle',
  'components.button.doneTitle',
  'screens.finder.title',
  'screens.finder.subtitle',
  'screens.finder.searchPlaceholder',
] as const
