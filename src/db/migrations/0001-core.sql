-- The core's tables: tenants and their keys, the catalogue of institutions, consumers and what is known of them,
-- the outbox. Every tenant table starts its key and its indexes with team_id; ids are 13 random characters, order comes
-- from created_at (microseconds, never equal within a process) and then id.

create table teams (
  id text collate "C" primary key,
  name text not null,
  environment text not null check (environment in ('development', 'sandbox', 'production')),
  settings jsonb not null default '{}',
  data_key bytea not null,
  created_at timestamptz not null,
  unique (name, environment)
);

create table api_keys (
  id text collate "C" primary key,
  team_id text collate "C" not null references teams,
  label text,
  prefix text collate "C" not null,
  secret_hash bytea not null unique,
  created_at timestamptz not null,
  revoked_at timestamptz
);
create index api_keys_by_prefix on api_keys (prefix);
create index api_keys_by_team on api_keys (team_id, created_at desc);

-- The catalogue: the same for every team, loaded from the network's directory when its fingerprint changes.

create table catalogues (
  name text primary key,
  fingerprint text not null
);

create table institutions (
  slug text collate "C" primary key,
  name text not null,
  url text not null,
  routing_numbers text[] not null
);

create table merchants (
  number integer primary key,
  institution_slug text collate "C" not null references institutions,
  name text not null,
  type text not null,
  provider_ids jsonb not null,
  creditor_name text not null,
  account_number_formats text[] not null,
  popularity integer not null
);
create index merchants_by_popularity on merchants (popularity, number);

create table routing_numbers (
  number text collate "C" primary key,
  bank_name text not null,
  city text not null,
  state text not null
);

-- Totals of lists, kept as they change so that no page has to count a tenant. A row is one combination of a list's
-- filterable values; slots spread the writers of one combination.

create table list_counts (
  team_id text collate "C" not null,
  list text not null,
  facets text[] not null,
  slot smallint not null,
  total bigint not null,
  primary key (team_id, list, facets, slot)
);

create function add_to_list_counts(list_name text, teams text[], facet_sets text[], delta integer) returns void
language sql as $$
  insert into list_counts as c (team_id, list, facets, slot, total)
  select t.team_id, list_name, string_to_array(t.facet_set, '|', '-'), pg_backend_pid() % 16, count(*) * delta
  from unnest(teams, facet_sets) as t (team_id, facet_set)
  group by 1, 2, 3, 4
  order by 1, 3
  on conflict (team_id, list, facets, slot) do update set total = c.total + excluded.total
$$;

create table consumers (
  team_id text collate "C" not null references teams,
  id text collate "C" not null,
  kind text not null check (kind in ('individual', 'corporation')),
  status text not null check (status in ('incomplete', 'active', 'disabled')),
  status_reason text check ((status_reason is null) = (status <> 'disabled')),
  individual jsonb,
  corporation jsonb,
  address jsonb not null,
  ssn_sealed bytea,
  ssn4_sealed bytea,
  person_ref text,
  phone_verified_at timestamptz,
  identity_verified_at timestamptz,
  phone_session_id text collate "C",
  identity_session_id text collate "C",
  connected_at timestamptz,
  latest jsonb not null default '{}',
  metadata jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id)
);
create index consumers_by_age on consumers (team_id, created_at desc, id desc);
create index consumers_by_status on consumers (team_id, status, created_at desc, id desc);
create index consumers_by_kind on consumers (team_id, kind, created_at desc, id desc);

create function count_consumers() returns trigger language plpgsql as $$
begin
  perform add_to_list_counts('consumers', array_agg(team_id), array_agg(concat_ws('|', kind, status)), 1) from made;
  return null;
end $$;
create trigger consumers_counted after insert on consumers
  referencing new table as made for each statement execute function count_consumers();

create function recount_consumers() returns trigger language plpgsql as $$
begin
  perform add_to_list_counts('consumers', array[old.team_id], array[concat_ws('|', old.kind, old.status)], -1);
  perform add_to_list_counts('consumers', array[new.team_id], array[concat_ws('|', new.kind, new.status)], 1);
  return null;
end $$;
create trigger consumers_recounted after update on consumers for each row
  when ((old.kind, old.status) is distinct from (new.kind, new.status)) execute function recount_consumers();

create table verification_sessions (
  team_id text collate "C" not null,
  id text collate "C" not null,
  consumer_id text collate "C" not null,
  channel text not null check (channel in ('phone', 'identity')),
  method text not null,
  status text not null check (status in ('pending', 'in_progress', 'verified', 'failed')),
  status_reason text check ((status_reason is null) = (status <> 'failed')),
  detail jsonb not null,
  answers_sealed bytea,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, consumer_id) references consumers
);
create index verification_sessions_by_consumer on verification_sessions (team_id, consumer_id, created_at desc, id desc);

create table accounts (
  team_id text collate "C" not null,
  id text collate "C" not null,
  consumer_id text collate "C" not null,
  kind text not null check (kind in ('ach', 'liability')),
  status text not null check (status in ('active', 'disabled', 'closed')),
  status_reason text check ((status_reason is null) = (status <> 'disabled')),
  network_ref text,
  merchant_number integer references merchants,
  liability_type text,
  liability_sub_type text,
  name text,
  mask text,
  ownership text,
  fingerprint text,
  card_network text,
  reports_directly boolean not null default false,
  verified_at timestamptz,
  latest jsonb not null default '{}',
  metadata jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, consumer_id) references consumers,
  check ((kind = 'liability') = (merchant_number is not null))
);
-- A debt becomes one account of a consumer, however many runs find it at once.
create unique index accounts_once_per_debt on accounts (team_id, consumer_id, network_ref);
create index accounts_by_age on accounts (team_id, created_at desc, id desc);
create index accounts_by_consumer on accounts (team_id, consumer_id, created_at desc, id desc);
create index accounts_by_status on accounts (team_id, status, created_at desc, id desc);
create index accounts_by_kind on accounts (team_id, kind, created_at desc, id desc);
create index accounts_by_merchant on accounts (team_id, merchant_number, created_at desc, id desc);
create index accounts_by_type on accounts (team_id, liability_type, created_at desc, id desc);
create index accounts_by_ownership on accounts (team_id, ownership, created_at desc, id desc);

create function count_accounts() returns trigger language plpgsql as $$
begin
  perform add_to_list_counts('accounts', array_agg(team_id), array_agg(concat_ws('|', status, kind, coalesce(merchant_number::text, '-'), coalesce(liability_type, '-'), coalesce(ownership, '-'))), 1) from made;
  return null;
end $$;
create trigger accounts_counted after insert on accounts
  referencing new table as made for each statement execute function count_accounts();

create function recount_accounts() returns trigger language plpgsql as $$
begin
  perform add_to_list_counts('accounts', array[old.team_id], array[concat_ws('|', old.status, old.kind, coalesce(old.merchant_number::text, '-'), coalesce(old.liability_type, '-'), coalesce(old.ownership, '-'))], -1);
  perform add_to_list_counts('accounts', array[new.team_id], array[concat_ws('|', new.status, new.kind, coalesce(new.merchant_number::text, '-'), coalesce(new.liability_type, '-'), coalesce(new.ownership, '-'))], 1);
  return null;
end $$;
create trigger accounts_recounted after update on accounts for each row
  when ((old.status, old.kind, old.merchant_number, old.liability_type, old.ownership)
    is distinct from (new.status, new.kind, new.merchant_number, new.liability_type, new.ownership)) execute function recount_accounts();

-- One request for data through a product, whichever product it is.

create table retrievals (
  team_id text collate "C" not null,
  id text collate "C" not null,
  product text not null,
  owner_id text collate "C" not null,
  status text not null check (status in ('pending', 'in_progress', 'completed', 'failed')),
  status_reason text check ((status_reason is null) = (status <> 'failed')),
  detail jsonb not null default '{}',
  result jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id)
);
create index retrievals_by_owner on retrievals (team_id, owner_id, product, created_at desc, id desc);

-- The outbox: what happened, who wanted to know, and the exact bytes each of them gets.

create table events (
  team_id text collate "C" not null,
  id text collate "C" not null,
  topic text not null,
  resource text not null,
  resource_id text collate "C" not null,
  before jsonb,
  after jsonb not null,
  created_at timestamptz not null,
  primary key (team_id, id)
);
create index events_by_age on events (team_id, created_at desc, id desc);
create index events_by_resource on events (team_id, resource_id, created_at desc, id desc);
create index events_by_topic on events (team_id, topic, created_at desc, id desc);

create table webhooks (
  team_id text collate "C" not null references teams,
  id text collate "C" not null,
  face text not null,
  wire_type text not null,
  wire_version text not null,
  topic text not null,
  url text not null,
  auth_token_sealed bytea,
  hmac_secret_sealed bytea,
  expand_event boolean not null,
  metadata jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (team_id, id)
);
create index webhooks_by_topic on webhooks (team_id, topic) where deleted_at is null;

create table deliveries (
  team_id text collate "C" not null,
  id text collate "C" not null,
  webhook_id text collate "C" not null,
  event_id text collate "C" not null,
  body text not null,
  status text not null check (status in ('pending', 'delivered', 'exhausted')),
  attempts smallint not null default 0,
  last_attempt_at timestamptz,
  last_outcome text,
  created_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, webhook_id) references webhooks
);
create index deliveries_by_webhook on deliveries (team_id, webhook_id, created_at desc, id desc);
create index deliveries_by_event on deliveries (team_id, event_id);

-- The first answer to each keyed request, sealed because answers may show what is nowhere else in clear. `running` rows carry a lease, so that a process that died blocks nobody.

create table keyed_requests (
  team_id text collate "C" not null,
  face text not null,
  key text collate "C" not null,
  status text not null check (status in ('running', 'done')),
  lease_until timestamptz,
  http_status smallint,
  body_sealed bytea,
  created_at timestamptz not null,
  primary key (team_id, face, key),
  check ((status = 'done') = (http_status is not null and body_sealed is not null))
);
create index keyed_requests_by_age on keyed_requests (created_at);
