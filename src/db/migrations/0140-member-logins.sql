-- Logins that the server carries out for whoever polls it: a team's page hands over credentials, asks for runs, answers what
-- institutions ask, and sends consumers to the pages of institutions. The connection is what such a login makes.

create table logins (
  team_id text collate "C" not null,
  connection_id text collate "C" not null,
  consumer_id text collate "C" not null,
  institution_slug text collate "C" not null,
  kind text not null check (kind in ('credentials', 'pages', 'described')),
  -- Until they have opened something: nobody needs them afterwards.
  credentials_sealed bytea,
  -- A keyed hash of the user name: one consumer has a login of an institution once.
  name_mark text collate "C",
  use_cases text[] not null default '{}',
  stays_in_background boolean not null,
  status text not null check (status in ('new', 'renewed', 'challenged', 'resumed', 'connected', 'failed')),
  reason text check ((reason is null) = (status <> 'failed')),
  -- Credentials that were refused one after the other.
  refusals integer not null default 0,
  -- The connect session in which the run goes.
  session_id text collate "C",
  -- What the institution asks, and what was answered.
  challenges_sealed bytea,
  answers_sealed bytea,
  -- Since when an answer is awaited, and when everything is there, if later than what was read.
  waits_since timestamptz,
  ready_at timestamptz,
  -- How the server shall stumble in a rehearsal.
  course jsonb,
  reads bigint not null default 0,
  -- The run that goes on, or went last.
  run_id text collate "C",
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, connection_id),
  foreign key (team_id, connection_id) references connections on delete cascade,
  foreign key (team_id, consumer_id) references consumers,
  check ((status = 'challenged') <= (challenges_sealed is not null and waits_since is not null))
);
create index logins_of_consumer on logins (team_id, consumer_id, created_at, connection_id);
create unique index logins_by_name on logins (team_id, consumer_id, institution_slug, name_mark) where name_mark is not null;

create table login_runs (
  team_id text collate "C" not null,
  id text collate "C" not null,
  connection_id text collate "C" not null,
  kind text not null,
  products text[] not null,
  -- `waiting` for the run before it, `asked` for, `challenged`, and three ends.
  status text not null check (status in ('waiting', 'asked', 'challenged', 'completed', 'failed', 'halted')),
  started_at timestamptz not null,
  finished_at timestamptz check ((finished_at is null) = (status in ('waiting', 'asked', 'challenged'))),
  updated_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, connection_id) references logins on delete cascade
);
create index login_runs_waiting on login_runs (team_id, connection_id, started_at, id) where status = 'waiting';

-- A consumer on the way to the pages of an institution and back. The id is that of the connect session, and is as good as a
-- secret: whoever comes back from there knows nothing else.
create table login_visits (
  team_id text collate "C" not null,
  id text collate "C" not null,
  connection_id text collate "C" not null,
  status text not null check (status in ('pending', 'succeeded', 'failed')),
  reason text check ((reason is null) = (status <> 'failed')),
  -- The page of the institution, and what the team wants done afterwards.
  url text not null,
  wishes jsonb not null,
  started_at timestamptz,
  first_read_at timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, connection_id) references logins on delete cascade
);
create unique index login_visits_by_id on login_visits (id);
create index login_visits_of_login on login_visits (team_id, connection_id, created_at, id);

-- Whoever deletes a connection, by whatever way, leaves no credentials behind, and the same login can be given anew.
create function forget_login() returns trigger language plpgsql as $$
begin
  delete from logins where team_id = new.team_id and connection_id = new.id;
  return null;
end $$;
create trigger connections_forget_login after update of state on connections
  for each row when (new.state = 'deleted') execute function forget_login();
