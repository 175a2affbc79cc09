-- A webhook's signing secret can be replaced, both being valid for a while. Its failures of a day count, from when it was last
-- switched on. And whoever sends holds the webhook, not each delivery: one sender at a time, and one write for each attempt.

alter table webhooks
  add column former_hmac_secret_sealed bytea,
  add column former_hmac_secret_until timestamptz,
  -- When it was switched on again: what failed before is forgiven.
  add column judged_from timestamptz,
  add constraint webhooks_former_ends check ((former_hmac_secret_sealed is null) = (former_hmac_secret_until is null));

-- A table of its own: each new delivery holds its webhook's row against being deleted, which an update all the time would make dear.
create table webhook_turns (
  team_id text collate "C" not null,
  webhook_id text collate "C" not null,
  holder text not null,
  leased_until timestamptz not null,
  primary key (team_id, webhook_id),
  foreign key (team_id, webhook_id) references webhooks
) with (fillfactor = 50);
