import { expect, test } from 'vitest'
import { banner } from './banner.js'
import { readConfig } from './config.js'

const bannerAt = (HOST: string) => banner(readConfig({ HOST }, { isTTY: false }), 'http://127.0.0.1:4000/dashboard')

test('a server that only this machine reaches shows the demo key, in a call that works', () => {
  expect(bannerAt('127.0.0.1')).toContain("'Authorization: Bearer sk_dev_clearspan_demo'")
})

test('a server at another port says how its links are made', () => {
  expect(bannerAt('127.0.0.1')).toContain('another: npx clearspan console link')
  const elsewhere = banner(readConfig({ PORT: '4100' }, { isTTY: false }), '')
  expect(elsewhere).toContain('another: CLEARSPAN_PUBLIC_URL=http://127.0.0.1:4100 npx clearspan console link')
})

test('a server that others reach shows how to make a key instead', () => {
  expect(bannerAt('0.0.0.0')).not.toContain('sk_dev_clearspan_demo')
  expect(bannerAt('0.0.0.0')).toContain('npx clearspan keys create')
})
