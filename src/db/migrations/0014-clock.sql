-- A development team's own clock. A team without a row here follows real time. What waits for a time of the domain is looked
-- for team by team, each by its own clock, so every index of due times begins with the team.

create table team_clocks (
  team_id text collate "C" primary key references teams,
  -- grows with every change: of two states of one clock, the higher is the later
  version bigint not null,
  -- how far it runs ahead of real time, or behind it
  offset_ms bigint not null,
  -- where it stands; null while it runs
  stands_at timestamptz,
  -- where it is being moved to, standing at one due time after the other; null when nothing moves it
  target_at timestamptz check (target_at >= stands_at),
  is_frozen boolean not null,
  constraint team_clocks_stand_or_run check ((stands_at is null) = (not is_frozen and target_at is null))
);
create index team_clocks_moving on team_clocks (team_id) where target_at is not null;

drop index verification_sessions_due;
create index verification_sessions_due on verification_sessions (team_id, expires_at) where status = 'in_progress';
drop index account_verification_sessions_due;
create index account_verification_sessions_due on account_verification_sessions (team_id, due_at) where due_at is not null;
drop index subscriptions_due;
create index subscriptions_due on subscriptions (team_id, due_at) where status = 'active';
