import { expect, test } from 'vitest'
import { banner } from './banner.js'
import { readConfig } from './config.js'

const bannerAt = (HOST: string) => banner(readConfig({ HOST }, { isTTY: false }), 'http://127.0.0.1:4000/dashboard')

test('a server that only this machine reaches shows the demo key, in a call that works', () => {
  expect(bannerAt('127.0.0.1')).toContain("'Authorization: Bearer sk_dev_clearspan_demo'")
})

test('a server that others reach shows how to make a key instead', () => {
  expect(bannerAt('0.0.0.0')).not.toContain('sk_dev_clearspan_demo')
  expect(bannerAt('0.0.0.0')).toContain('npx clearspan keys create')
})
