import MoneyKit from '@moneykit/connect'

const moneykit = new MoneyKit({ __connectSDKUIHost: 'http://127.0.0.1:4000' })

async function connect() {
  const { link_session_token: token } = await (await fetch('/link-token', { method: 'POST' })).json()
  moneykit.link(
    token,
    (exchangeableToken) => fetch('/link-exchange', { method: 'POST', body: exchangeableToken }),
    (error) => console.log(error ? error.displayed_message : 'The user closed the page.'),
    (event) => console.log(event.name, event.properties),
  )
}

document.querySelector('#connect')?.addEventListener('click', connect)
