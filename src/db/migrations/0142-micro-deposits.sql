-- Micro-deposits as a widget asks for them: the account is proven by a verification session like any other, whose deposits and
-- attempts are those of whoever opened it; here stands what the person said beside that.

alter table account_verification_sessions add column attempts_max integer not null default 5;

create table micro_deposits (
  team_id text collate "C" not null,
  id text collate "C" not null,
  consumer_id text collate "C" not null,
  -- What stands in the way of a session, or comes before it; null while the session says how it goes.
  own_status text check (own_status in ('preinitiated', 'not_sent', 'rejected')),
  account_id text collate "C",
  session_id text collate "C",
  account_name text,
  type text,
  routing_number text collate "C",
  mask text,
  -- Names and address of the person.
  sealed bytea not null,
  -- A keyed hash of the address: one has so many accounts proven this way and no more.
  email_mark text collate "C",
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, consumer_id) references consumers,
  check ((own_status is null) = (session_id is not null))
);
create index micro_deposits_by_email on micro_deposits (team_id, email_mark) where email_mark is not null;

-- What a person says of an account that nobody reads, beside what every account has.
create table described_accounts (
  team_id text collate "C" not null,
  account_id text collate "C" not null,
  connection_id text collate "C" not null,
  -- In the words of the face.
  facts jsonb not null,
  primary key (team_id, account_id),
  foreign key (team_id, connection_id) references logins on delete cascade
);
create index described_accounts_of on described_accounts (team_id, connection_id);
