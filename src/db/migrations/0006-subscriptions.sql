-- Enrolments that keep producing retrievals. The owner's row holds the names of its active ones, so that showing the owner
-- needs no second look; the due time is the domain's, found by its own index over all teams.

create table subscriptions (
  team_id text collate "C" not null references teams,
  id text collate "C" not null,
  owner_kind text not null check (owner_kind in ('consumer', 'account')),
  owner_id text collate "C" not null,
  name text not null,
  status text not null check (status in ('active', 'inactive')),
  payload jsonb,
  latest_retrieval_id text collate "C",
  due_at timestamptz check ((due_at is null) = (status = 'inactive')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id)
);
create unique index subscriptions_once_per_owner on subscriptions (team_id, owner_id, name) where status = 'active';
create index subscriptions_due on subscriptions (due_at) where status = 'active';

alter table consumers add column subscriptions text[] not null default '{}';
alter table accounts add column subscriptions text[] not null default '{}';
