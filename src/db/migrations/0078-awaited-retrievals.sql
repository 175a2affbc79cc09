-- A connect goes on to ask for products of the accounts it found, and ends when they have: these are what it waits for. The
-- end of an awaited retrieval looks here for whom to wake.
create table awaited_retrievals (
  team_id text collate "C" not null,
  awaited_id text collate "C" not null,
  waiting_id text collate "C" not null,
  primary key (team_id, awaited_id, waiting_id)
);
create index awaited_retrievals_by_waiting on awaited_retrievals (team_id, waiting_id);
