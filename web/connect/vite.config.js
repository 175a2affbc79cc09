import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'

const pages = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.html'))

export default {
  base: '/connect/',
  plugins: [react()],
  build: { rolldownOptions: { input: pages.map((page) => join(import.meta.dirname, page)) } },
}
