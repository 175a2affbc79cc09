-- Opal sessions: a person in front of a hosted flow that is about one thing, its mode. A session outlives its tokens, which
-- are credentials, so only their hashes are here; another token continues the same session.

create table opal_sessions (
  team_id text collate "C" not null references teams,
  id text collate "C" not null,
  consumer_id text collate "C" not null,
  mode text not null
    check (mode in ('identity_verification', 'connect', 'card_connect', 'account_verification', 'transactions')),
  config jsonb not null,
  -- what came of it, by what it is: ids only
  outcome jsonb not null default '{}',
  -- oldest first
  events jsonb not null default '[]',
  started_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, consumer_id) references consumers
);

create table opal_tokens (
  team_id text collate "C" not null references teams,
  -- a page has its token and nothing else, so the hash alone finds the row, team and all
  token_hash bytea not null unique,
  session_id text collate "C" not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null,
  primary key (team_id, token_hash),
  foreign key (team_id, session_id) references opal_sessions
);
create index opal_tokens_by_session on opal_tokens (team_id, session_id);
