-- Programs of a team that prove themselves by an id and a secret, and the keys with which the server signs: tokens that
-- only itself reads, and webhooks that everybody can check.

create table api_clients (
  id text collate "C" primary key,
  team_id text collate "C" not null references teams,
  -- Clients of one app share what they make; those of another do not see it.
  app text not null,
  label text,
  scopes text[] not null,
  secret_hash bytea not null,
  created_at timestamptz not null,
  -- Since when, or from when on, it is refused.
  disabled_at timestamptz
);
create index api_clients_by_team on api_clients (team_id, created_at desc);

-- Of one purpose, the newest key whose time has come signs. Numbers keep two processes from making the same next key.
create table signing_keys (
  purpose text not null check (purpose in ('token', 'webhook')),
  number integer not null check (number > 0),
  id text collate "C" not null unique,
  public_jwk jsonb not null,
  -- Wrapped by the master key; opens the private key and nothing else.
  data_key bytea not null,
  private_sealed bytea not null,
  signs_from timestamptz not null,
  primary key (purpose, number)
);
