-- Connections: what consumers open to a team with a login at an institution. A consumer makes one in a connect session; it is
-- read product by product, and its data are what was read last. Personal data and whatever opens something are sealed.

-- The team's own id of a consumer.
alter table consumers add column external_id text collate "C";
create unique index consumers_by_external_id on consumers (team_id, external_id) where external_id is not null;

create table connections (
  team_id text collate "C" not null references teams,
  id text collate "C" not null,
  consumer_id text collate "C" not null,
  institution_slug text collate "C" not null,
  institution_name text not null,
  -- All that the institution has, when the connection was last made.
  institution_products text[] not null,
  provider text not null,
  -- The provider's name of the login; null before there is one, and of imported data.
  access_sealed bytea,
  client_id text collate "C",
  state text not null check (state in ('connecting', 'awaiting_exchange', 'connected', 'error', 'deleted')),
  error_code text check ((error_code is null) = (state <> 'error')),
  webhook_url text,
  tags text[] not null default '{}',
  is_imported boolean not null default false,
  -- The end of the log of transaction changes.
  change_position bigint not null default 0,
  -- Which set of pending transactions counts: each refresh brings another.
  pending_generation bigint not null default 0,
  -- When it is next read by schedule, or, deleted, when its record goes.
  due_at timestamptz,
  connected_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, consumer_id) references consumers
);
create index connections_by_consumer on connections (team_id, consumer_id, created_at, id);
create index connections_active on connections (team_id, created_at, id)
  where connected_at is not null and state <> 'deleted';
create index connections_due on connections (team_id, due_at) where due_at is not null;

create table connection_products (
  team_id text collate "C" not null,
  connection_id text collate "C" not null,
  product text not null,
  -- Null for what nobody asks for: accounts and enrichment.
  settings jsonb,
  refreshed_at timestamptz,
  last_attempted_at timestamptz check (refreshed_at is null or last_attempted_at is not null),
  error_code text,
  error_message text check ((error_message is null) = (error_code is null)),
  unavailable text,
  has_history boolean not null default false,
  -- A refresh that is not over, and whether somebody waits for it.
  refresh_state text check (refresh_state in ('pending', 'in_progress')),
  refresh_is_told boolean not null default false,
  -- When it was last asked for by the team.
  requested_at timestamptz,
  -- Where the next question goes on.
  fetched_until timestamptz,
  primary key (team_id, connection_id, product),
  foreign key (team_id, connection_id) references connections on delete cascade
);

create table connect_sessions (
  team_id text collate "C" not null references teams,
  id text collate "C" not null,
  consumer_id text collate "C" not null,
  client_id text collate "C",
  -- What the team asked for, without personal data.
  settings jsonb not null,
  -- What the team says about the consumer, and data for a test login.
  private_sealed bytea,
  is_renewal boolean not null,
  institution_slug text collate "C",
  connection_id text collate "C",
  status text not null check (status in ('open', 'completed', 'expired')),
  -- Where the consumer is: what the institution asked, who is being asked, what was found.
  progress_sealed bytea,
  -- Grows with each step, so that of two at once only one counts.
  step bigint not null default 0,
  token_hash bytea,
  token_expires_at timestamptz check ((token_expires_at is null) or (token_hash is not null)),
  expires_at timestamptz not null,
  created_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, consumer_id) references consumers,
  foreign key (team_id, connection_id) references connections
);
create index connect_sessions_due on connect_sessions (team_id, expires_at) where status = 'open';
create index connect_sessions_tokens_due on connect_sessions (team_id, token_expires_at) where token_expires_at is not null;
create unique index connect_sessions_by_token on connect_sessions (team_id, token_hash) where token_hash is not null;
create index connect_sessions_by_connection on connect_sessions (team_id, connection_id);

create table held_accounts (
  team_id text collate "C" not null,
  id text collate "C" not null,
  connection_id text collate "C" not null,
  -- The provider's name of it; null for imported ones that were not found at an institution yet.
  network_ref text collate "C",
  -- The caller's name of it.
  original_id text collate "C",
  position integer not null,
  type text not null,
  name text not null,
  nickname text,
  mask text,
  is_closed boolean not null,
  is_permitted boolean not null,
  currency text,
  available_cents bigint,
  current_cents bigint,
  limit_cents bigint,
  balance_at timestamptz,
  debt_ref text,
  numbers_sealed bytea,
  owners_sealed bytea,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  unique (team_id, connection_id, network_ref),
  foreign key (team_id, connection_id) references connections on delete cascade
);
create unique index held_accounts_by_original_id on held_accounts (team_id, connection_id, original_id)
  where original_id is not null;

create table held_transactions (
  team_id text collate "C" not null,
  id text collate "C" not null,
  connection_id text collate "C" not null,
  account_id text collate "C" not null,
  -- The provider's name of it, or the caller's when it was imported with one.
  network_ref text collate "C",
  original_id text collate "C",
  -- `removed` ones stay, because a client may be reading the changes from before.
  status text not null check (status in ('pending', 'posted', 'removed')),
  cents bigint not null check (cents >= 0),
  direction text not null check (direction in ('debit', 'credit')),
  currency text not null,
  "on" date not null,
  at text,
  description text,
  raw_description text,
  counterparty jsonb,
  category text,
  subcategory text,
  recurrence text,
  enrichment jsonb,
  -- Made by a person, so that no machine makes it anew.
  is_corrected boolean not null default false,
  -- What could be made of it was made, if anything.
  is_judged boolean not null default false,
  -- Where in the log of changes it came and, gone, where it went; null while it is pending, which no log tells.
  created_position bigint check ((created_position is null) = (status = 'pending')),
  removed_position bigint check ((removed_position is null) = (status <> 'removed')),
  -- Of pending ones, in which set.
  generation bigint check ((generation is null) = (status <> 'pending')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, connection_id) references connections on delete cascade
);
create unique index held_transactions_by_ref on held_transactions (team_id, connection_id, network_ref)
  where status = 'posted' and network_ref is not null;
-- Lists, newest first, and their totals: the account is there so that no row has to be looked at.
create index held_transactions_by_day on held_transactions (team_id, connection_id, "on" desc, at desc, id desc)
  include (account_id) where status <> 'removed';
create index held_transactions_pending on held_transactions (team_id, connection_id, id) where status = 'pending';
create index held_transactions_unjudged on held_transactions (team_id, connection_id, id)
  where status = 'posted' and not is_judged;

-- What happened to posted transactions, in order; a client that knows everything up to a position asks what came after.
create table held_transaction_changes (
  team_id text collate "C" not null,
  connection_id text collate "C" not null,
  position bigint not null,
  transaction_id text collate "C" not null,
  -- Where the transaction changed next; a run that ends before that tells of it here.
  superseded_at bigint check (superseded_at > position),
  primary key (team_id, connection_id, position),
  foreign key (team_id, connection_id) references connections on delete cascade
);
create unique index held_transaction_changes_last on held_transaction_changes (team_id, connection_id, transaction_id)
  where superseded_at is null;

-- How many there are of an account in a month, so that neither a total nor a late page has to walk all of them.
create table held_transaction_counts (
  team_id text collate "C" not null,
  connection_id text collate "C" not null,
  account_id text collate "C" not null,
  month date not null,
  total integer not null,
  primary key (team_id, connection_id, account_id, month),
  foreign key (team_id, connection_id) references connections on delete cascade
);

-- What a consumer's team said about transactions of a kind: later ones of that kind follow.
create table category_corrections (
  team_id text collate "C" not null,
  consumer_id text collate "C" not null,
  -- The merchant, or the cleaned description where there is none.
  likeness text not null,
  category text not null,
  subcategory text,
  updated_at timestamptz not null,
  primary key (team_id, consumer_id, likeness),
  foreign key (team_id, consumer_id) references consumers
);

create table held_securities (
  team_id text collate "C" not null,
  connection_id text collate "C" not null,
  id text collate "C" not null,
  network_ref text collate "C" not null,
  facts jsonb not null,
  primary key (team_id, connection_id, id),
  unique (team_id, connection_id, network_ref),
  foreign key (team_id, connection_id) references connections on delete cascade
);

create table held_holdings (
  team_id text collate "C" not null,
  connection_id text collate "C" not null,
  account_id text collate "C" not null,
  security_id text collate "C" not null,
  facts jsonb not null,
  primary key (team_id, connection_id, account_id, security_id),
  foreign key (team_id, connection_id) references connections on delete cascade
);

create table held_investment_transactions (
  team_id text collate "C" not null,
  connection_id text collate "C" not null,
  id text collate "C" not null,
  network_ref text collate "C" not null,
  account_id text collate "C" not null,
  security_id text collate "C",
  "on" date not null,
  facts jsonb not null,
  primary key (team_id, connection_id, id),
  unique (team_id, connection_id, network_ref),
  foreign key (team_id, connection_id) references connections on delete cascade
);
create index held_investment_transactions_by_day
  on held_investment_transactions (team_id, connection_id, "on" desc, id desc) include (account_id);

-- A webhook may be about one resource alone. Those of the team are found by their topic as before. One that is retired is told
-- nothing more, while what is on its way to it still goes there.
alter table webhooks
  add column resource_id text collate "C",
  add column retired_at timestamptz check (retired_at is null or resource_id is not null);
drop index webhooks_by_topic;
create index webhooks_by_topic on webhooks (team_id, topic)
  where deleted_at is null and status <> 'disabled' and resource_id is null;
create index webhooks_by_resource on webhooks (team_id, resource_id)
  where deleted_at is null and retired_at is null and resource_id is not null;
