import MoneyKit from '@moneykit/connect'

const moneykit = new MoneyKit({ __connectSDKUIHost: 'http://127.0.0.1:4000' })
moneykit.continue(window.location.href, (exchangeableToken) =>
  fetch('/link-exchange', { method: 'POST', body: exchangeableToken }),
)
