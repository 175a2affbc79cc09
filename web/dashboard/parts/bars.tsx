import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'

export interface BarsProps {
  readonly label: string
  readonly data: readonly Readonly<Record<string, string | number>>[]
  readonly by: string
  /** Colours by member. */
  readonly series: Readonly<Record<string, string>>
}

/** Stacked bars; nothing in them takes the focus. */
export default function Bars({ data, by, series }: BarsProps) {
  return (
    <div inert>
      <BarChart
        h={190}
        data={[...data]}
        dataKey={by}
        type="stacked"
        withLegend
        tickLine="none"
        gridAxis="x"
        barProps={{ isAnimationActive: false }}
        series={Object.entries(series).map(([name, color]) => ({ name, color }))}
      />
    </div>
  )
}
