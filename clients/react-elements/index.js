import { useEffect, useRef, useState } from 'react'

const SCRIPT = '/elements/v1/stable/init.js'
const VENDOR = 'https://static.methodfi.com'
const CALLBACKS = ['onEvent', 'onOpen', 'onSuccess', 'onError', 'onExit']

// One script for each address, however many components want it.
const loading = new Map()

export function useMethod(options = {}) {
  const { env, baseUrl, locale } = options
  const [method, setMethod] = useState(null)
  // Callbacks are made anew each time a component renders; what was opened calls the ones of now.
  const latest = useRef(options)
  latest.current = options
  useEffect(() => {
    let isGone = false
    const callbacks = Object.fromEntries(CALLBACKS.map((name) => [name, (told) => latest.current[name]?.(told)]))
    load(`${(baseUrl ?? VENDOR).replace(/\/$/, '')}${SCRIPT}`).then(
      (Method) => {
        if (!isGone) setMethod(new Method({ env, baseUrl, locale, ...callbacks }))
      },
      () => {},
    )
    return () => {
      isGone = true
      setMethod(null)
    }
  }, [env, baseUrl, locale])
  return method
}

function load(source) {
  const known = loading.get(source)
  if (known) return known
  const loaded = new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = source
    script.async = true
    script.onload = () => resolve(window.Method)
    script.onerror = () => {
      script.remove()
      // Whoever comes next tries again.
      loading.delete(source)
      reject(new Error(`${source} could not be loaded.`))
    }
    document.head.append(script)
  })
  loading.set(source, loaded)
  return loaded
}
