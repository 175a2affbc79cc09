-- Connect sessions: a consumer in front of a hosted page. A token admits one page, once; it is a credential, so only its
-- hash is here. What a balance transfer is about outlives its tokens and has a row of its own.

create table element_sessions (
  team_id text collate "C" not null references teams,
  id text collate "C" not null,
  consumer_id text collate "C" not null,
  status text not null check (status in ('active', 'inactive')),
  balance_transfer jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, consumer_id) references consumers
);

create table element_tokens (
  team_id text collate "C" not null references teams,
  id text collate "C" not null,
  -- a page has its token and nothing else, so the hash alone finds the row, team and all
  token_hash bytea not null unique,
  page_hash bytea unique,
  type text not null check (type in ('connect', 'auth', 'balance_transfer')),
  consumer_id text collate "C" not null,
  session_id text collate "C",
  detail jsonb not null,
  is_authenticated boolean not null default false,
  connect_id text collate "C",
  account_ids text[] not null default '{}',
  events jsonb not null default '[]',
  expires_at timestamptz not null,
  opened_at timestamptz,
  finished_at timestamptz,
  exited_at timestamptz,
  created_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, consumer_id) references consumers,
  foreign key (team_id, session_id) references element_sessions,
  check ((opened_at is null) = (page_hash is null)),
  check (finished_at is null or opened_at is not null),
  check ((type = 'balance_transfer') = (session_id is not null))
);
