import '../ui/ui.css'
import './elements.css'
import { createRoot } from 'react-dom/client'
import { openChannel } from './channel.js'
import { pickLocale, wordsIn } from './i18n.js'
import { ElementsPage } from './page.js'
import { connectServer } from './server.js'

const query = new URLSearchParams(window.location.search)
const framers =
  document.querySelector<HTMLMetaElement>('meta[name="framers"]')?.content.split(' ').filter(Boolean) ?? []

const dark = window.matchMedia('(prefers-color-scheme: dark)')
const paint = () => {
  document.documentElement.dataset.scheme = dark.matches ? 'dark' : 'light'
}
paint()
dark.addEventListener('change', paint)

const asked = query.get('locale')
const words = wordsIn(pickLocale([...(asked ? [asked] : []), ...navigator.languages]))
document.documentElement.lang = words.locale
document.title = words.t('intro.point3')

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <ElementsPage
      server={connectServer(query.get('token') ?? '')}
      channel={openChannel(query, framers)}
      words={words}
    />,
  )
}
