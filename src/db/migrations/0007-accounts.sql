-- Accounts that callers describe: deposit accounts, and liabilities by merchant and number. Their numbers (and what else
-- of a card is known) are sealed, and found again by a keyed hash, so that one number is one account of a consumer.
-- Proof of an account is a session of its own kind, whose deposits are due at a time of the domain.

alter table accounts
  add column origin text not null default 'connect' check (origin in ('connect', 'caller')),
  add column routing_number text,
  add column bank_name text,
  add column bank_account_type text check (bank_account_type in ('checking', 'savings')),
  add column details_sealed bytea,
  add column number_mark text,
  add column verification_session_id text collate "C",
  add constraint accounts_bank_facts check (kind is distinct from 'ach' or routing_number is not null and bank_account_type is not null),
  drop constraint accounts_withdrawn_are_erased,
  add constraint accounts_withdrawn_are_erased check (
    withdrawn_kind is null
    or status = 'disabled' and merchant_number is null and name is null and mask is null and fingerprint is null
      and metadata is null and routing_number is null and bank_name is null and details_sealed is null and number_mark is null);
create unique index accounts_once_per_number on accounts (team_id, consumer_id, number_mark);

create table account_verification_sessions (
  team_id text collate "C" not null,
  id text collate "C" not null,
  account_id text collate "C" not null,
  method text not null,
  status text not null check (status in ('pending', 'in_progress', 'verified', 'failed')),
  status_reason text check ((status_reason is null) = (status <> 'failed')),
  detail jsonb not null,
  -- what proves a right answer, while one is waited for
  secret_sealed bytea,
  wrong_attempts integer not null default 0,
  -- when deposits are to be sent; null when none are
  due_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, account_id) references accounts
);
create index account_verification_sessions_by_account
  on account_verification_sessions (team_id, account_id, created_at desc, id desc);
create index account_verification_sessions_due on account_verification_sessions (due_at) where due_at is not null;
