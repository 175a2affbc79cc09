-- What a team's widget needs to know of the person in front of it, and what that person writes to the team. Personal data
-- are sealed but for the address that callers list users by.

create table widget_sessions (
  team_id text collate "C" not null references teams,
  id text collate "C" not null,
  consumer_id text collate "C" not null,
  -- How the team wants the widget.
  settings jsonb not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, consumer_id) references consumers
);
create index widget_sessions_ended on widget_sessions (team_id, expires_at);

create table user_notes (
  team_id text collate "C" not null,
  consumer_id text collate "C" not null,
  email text,
  note text,
  is_disabled boolean not null default false,
  small_screen_noted_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, consumer_id),
  foreign key (team_id, consumer_id) references consumers
);
create index user_notes_listed on user_notes (team_id, created_at, consumer_id) where deleted_at is null;

create table support_tickets (
  team_id text collate "C" not null,
  id text collate "C" not null,
  consumer_id text collate "C" not null,
  sealed bytea not null,
  created_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, consumer_id) references consumers
);
create index support_tickets_of_user on support_tickets (team_id, consumer_id, created_at, id);
