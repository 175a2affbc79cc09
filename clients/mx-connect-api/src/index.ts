/**
 * The callbacks of MX's connect widget (`apiValue` of its `ApiProvider`) over a Clearspan server: each asks one route and
 * returns what is in its envelope. The widget is particular about what it gets when something fails, which is what most of the
 * care here is for; rules L1–L12 of the contract.
 */
import { accountFrom, depositFrom, failedDeposit, memberFrom, toDollars } from './bodies.js'
import { ConnectApiError, type ConnectApiOptions, openTransport, type Query } from './transport.js'

export { ConnectApiError, type ConnectApiOptions } from './transport.js'

/** What the widget and this library pass around: see the contract's `data.md` for the members. */
// biome-ignore lint/suspicious/noExplicitAny: the widget gives objects of its own making.
export type Value = any

/** Exactly the callbacks that the widget knows; the provider spreads them. */
export interface ApiValue {
  addMember(member: Value, config?: Value, isHuman?: boolean): Promise<{ member: Value }>
  updateMember(member: Value, config?: Value, isHuman?: boolean): Promise<Value>
  updateMFA(member: Value, config?: Value, isHuman?: boolean): Promise<Value>
  deleteMember(member: Value): Promise<void>
  loadMembers(locale?: string): Promise<Value[]>
  loadMemberByGuid(guid: string, locale?: string): Promise<Value>
  getMemberCredentials(memberGuid: string): Promise<Value[]>
  getOAuthWindowURI(memberGuid: string, config?: Value): Promise<{ guid: string; oauth_window_uri: string }>
  oAuthStart(given: { member: Value }): Promise<void>
  runJob(jobType: number, memberGuid: string, config?: Value, isHuman?: boolean): Promise<Value>
  loadJob(jobGuid: string | null | undefined): Promise<Value>
  loadOAuthStates(query: { outbound_member_guid: string; auth_status?: number | string }): Promise<Value[]>
  loadOAuthState(guid: string): Promise<Value>
  loadInstitutions(query: Value): Promise<Value[]>
  loadInstitutionByGuid(guid: string | undefined): Promise<Value>
  loadInstitutionByCode(code: string): Promise<Value>
  loadPopularInstitutions(query: Value): Promise<Value[]>
  loadDiscoveredInstitutions(query: Value): Promise<Value[]>
  getInstitutionCredentials(institutionGuid: string): Promise<Value[]>
  createAccount(account: Value): Promise<Value>
  createMicrodeposit(microdeposit: Value): Promise<{ micro_deposit: Value }>
  loadMicrodepositByGuid(guid: string): Promise<Value>
  updateMicrodeposit(guid: string, data: Value): Promise<{ micro_deposit: Value }>
  refreshMicrodepositStatus(guid: string): Promise<void>
  verifyMicrodeposit(guid: string, amounts: Value): Promise<Value>
  verifyRoutingNumber(routingNumber: string, includeIdentity?: boolean): Promise<Value>
  createSupportTicket(ticket: { email: string; message: string; title: string }): Promise<Value>
  updateUserProfile(profile: Value): Promise<{ user_profile: Value }>
}

/** Make it once and keep it: the widget starts over with a new one. */
export function createConnectApi(options: ConnectApiOptions): ApiValue {
  const send = openTransport(options)
  const read = async (path: string, member: string, query?: Query) => (await send('GET', path, { query }))[member]
  const at = (guid: string) => encodeURIComponent(guid)
  /** Members whose way to their institution began here: their states are looked for once more. */
  const setOut = new Set<string>()
  /** What the newest job was, for a widget that has forgotten which one it waits for. */
  let lastJob: { type: number; guid: string | null } = { type: 0, guid: null }

  return {
    async addMember(memberData, config = {}) {
      const { member } = await send('POST', '/members', { body: memberFrom(memberData, config) })
      if (member.is_oauth) setOut.add(member.guid)
      return { member }
    },

    async updateMember(memberData, config = {}) {
      const { member, include_transactions } = memberFrom(memberData, config)
      const { institution_guid, is_oauth, ...changes } = member
      const body = { member: changes, include_transactions }
      return (await send('PUT', `/members/${at(memberData.guid)}`, { body })).member
    },

    async updateMFA({ guid, credentials = [] }) {
      const challenges = credentials.map((each: Value) => ({ guid: each.guid, value: each.value ?? null }))
      return (await send('PUT', `/members/${at(guid)}/resume`, { body: { member: { challenges } } })).member
    },

    async deleteMember(member) {
      // Another request has deleted it already.
      await send('DELETE', `/members/${at(member.guid ?? member)}`).catch(unless(404))
    },

    loadMembers: (locale) => read('/members', 'members', { locale }),
    loadMemberByGuid: (guid, locale) => read(`/members/${at(guid)}`, 'member', { locale }),
    getMemberCredentials: (guid) => read(`/members/${at(guid)}/credentials`, 'credentials'),

    async getOAuthWindowURI(guid, config = {}) {
      setOut.add(guid)
      const { referral_source, ui_message_webview_url_scheme, client_redirect_url, enable_app2app } = memberFrom(
        {},
        config,
      )
      const body = {
        referral_source,
        ui_message_webview_url_scheme,
        client_redirect_url,
        enable_app2app,
        skip_aggregation: true,
      }
      return (await send('POST', `/members/${at(guid)}/oauth_window_uri`, { body })).member
    },

    async oAuthStart({ member }) {
      // Nobody waits for it: a failure would only be an error that nobody handles.
      await send('POST', `/members/${at(member.guid)}/oauth_start`).catch(() => {})
    },

    async runJob(jobType, memberGuid, config = {}) {
      lastJob = { type: jobType, guid: lastJob.guid }
      const job = {
        job_type: jobType,
        include_transactions: config.include_transactions ?? null,
        products: config.data_request?.products ?? null,
      }
      try {
        const started = await send('POST', `/members/${at(memberGuid)}/jobs`, { body: { job } })
        lastJob = { type: jobType, guid: started.job?.guid ?? null }
        return started
      } catch (error) {
        const data = error instanceof ConnectApiError ? error.response.data : {}
        if (data.job_guid) lastJob = { type: jobType, guid: data.job_guid }
        throw error
      }
    },

    async loadJob(guid) {
      if (guid) return read(`/jobs/${at(guid)}`, 'job')
      // The widget asks with the member as it was before any job; what it needs is the type that it waits for.
      return { guid: null, job_type: lastJob.type, status: 6, finished_at: Math.floor(Date.now() / 1000) }
    },

    async loadOAuthStates(query) {
      const found = await read('/oauth_states', 'oauth_states', query)
      if (found.length > 0 || !setOut.has(query.outbound_member_guid)) return found
      // A bank that was faster than the widget looked: the state is there, and pending no more.
      const all = await read('/oauth_states', 'oauth_states', { outbound_member_guid: query.outbound_member_guid })
      return all.slice(0, 1)
    },

    loadOAuthState: (guid) => read(`/oauth_states/${at(guid)}`, 'oauth_state'),

    loadInstitutions: (query) => read('/institutions', 'institutions', query),
    async loadInstitutionByGuid(guid) {
      const path = `/institutions/${at(guid ?? '')}`
      // The widget asks for nothing after a choice of its own.
      if (!guid) throw ConnectApiError.local({ status: 404, url: path, method: 'GET' })
      return read(path, 'institution')
    },
    loadInstitutionByCode: (code) => read(`/institutions/${at(code)}`, 'institution'),
    loadPopularInstitutions: (query) => read('/institutions/favorites', 'institutions', query),
    loadDiscoveredInstitutions: (query) => read('/institutions/discovered', 'institutions', query),
    getInstitutionCredentials: (guid) => read(`/institutions/${at(guid)}/credentials`, 'credentials'),

    async createAccount(account) {
      return (await send('POST', '/accounts', { body: { account: accountFrom(account) } })).account
    },

    async createMicrodeposit(microdeposit) {
      const body = { micro_deposit: depositFrom(microdeposit) }
      return send('POST', '/micro_deposits', { body }).catch(failedDeposit(microdeposit))
    },
    loadMicrodepositByGuid: (guid) => read(`/micro_deposits/${at(guid)}`, 'micro_deposit'),
    async updateMicrodeposit(guid, data) {
      const body = { micro_deposit: depositFrom(data) }
      return send('PUT', `/micro_deposits/${at(guid)}`, { body }).catch(failedDeposit(data))
    },
    async refreshMicrodepositStatus(guid) {
      await send('POST', `/micro_deposits/${at(guid)}/refresh`)
    },
    async verifyMicrodeposit(guid, { deposit_amount_1, deposit_amount_2 }) {
      const micro_deposit = {
        deposit_amount_1: toDollars(deposit_amount_1),
        deposit_amount_2: toDollars(deposit_amount_2),
      }
      return (await send('PUT', `/micro_deposits/${at(guid)}/verify`, { body: { micro_deposit } })).micro_deposit
    },
    async verifyRoutingNumber(number, includeIdentity = false) {
      const path = `/blocked_routing_numbers/${at(number)}`
      const blocked = await read(path, 'blocked_routing_number', { include_identity: includeIdentity })
      return blocked ? { blocked_routing_number: blocked } : {}
    },

    async createSupportTicket({ email, message, title }) {
      const body = { support_ticket: { email, message, title } }
      const post = () => send('POST', '/support_tickets', { body })
      // A failure leaves the widget's form disabled for good, so a passing one is tried once more.
      const { support_ticket } = await post().catch((error: ConnectApiError) => {
        if (error.response.status !== 0 && error.response.status < 500) throw error
        return post()
      })
      return support_ticket
    },

    updateUserProfile({ too_small_modal_dismissed_at }) {
      return send('PUT', '/user_profile', { body: { user_profile: { too_small_modal_dismissed_at } } })
    },
  }
}

function unless(status: number): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof ConnectApiError) || error.response.status !== status) throw error
  }
}
