-- The console: who may use it, and the lists that it shows and no face does.

-- Who may use it. An operator sees all teams, so nothing of this belongs to one. Secrets are kept as hashes only.

-- At most one password, which everybody who operates the server knows.
create table operator_password (
  is_only boolean primary key default true check (is_only),
  salt bytea not null,
  hash bytea not null,
  set_at timestamptz not null
);

-- Links that let somebody in once.
create table operator_links (
  secret_hash bytea primary key,
  expires_at timestamptz not null
);

create table operator_sessions (
  id text collate "C" primary key,
  secret_hash bytea not null unique,
  -- The browser, in its own words.
  agent text not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  -- Whatever happens, the session is over then.
  expires_at timestamptz not null
);

-- Passwords that were tried lately and were wrong, or are being looked at.
create table operator_attempts (
  address text not null,
  at timestamptz not null
);
create index operator_attempts_by_time on operator_attempts (at);

-- Lists of everything, newest first.
create index connections_by_age on connections (team_id, created_at desc, id desc);
create index reports_by_age on reports (team_id, created_at desc, id desc);
