-- Events, deliveries and their attempts grow for ever, so each is kept in a table for each month and forgotten with it. Which month is
-- the database's own time: a development team's clock, which dates events, can be years ahead or behind. What has no month yet is
-- kept in the default partition and moved when its month is made.

-- Makes the months from this one on that a table lacks. Names end in _YYYY_MM, by which months that are over are found again.
create function make_months(parent text, ahead integer) returns void language plpgsql as $$
declare
  begins date;
  part text;
  lower_bound text;
  upper_bound text;
begin
  for step in 0..ahead loop
    begins := date_trunc('month', now() at time zone 'UTC') + make_interval(months => step);
    part := parent || to_char(begins, '_YYYY_MM');
    continue when to_regclass(part) is not null;
    -- Of several that come to the same end, one makes it.
    perform pg_advisory_xact_lock(hashtextextended('make_months', 0));
    continue when to_regclass(part) is not null;
    lower_bound := begins || ' 00:00:00+00';
    upper_bound := (begins + interval '1 month')::date || ' 00:00:00+00';
    execute format('create table %I (like %I including defaults including constraints)', part, parent);
    execute format('with moved as (delete from %I where recorded_at >= %L and recorded_at < %L returning *)
                    insert into %I select * from moved', parent || '_default', lower_bound, upper_bound, part);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, lower_bound, upper_bound);
  end loop;
end $$;

-- Events. Nobody knows when the former ones were recorded: they count as new, so that none is forgotten too early.
alter table events rename to events_former;
create table events (
  team_id text collate "C" not null,
  id text collate "C" not null,
  topic text not null,
  resource text not null,
  resource_id text collate "C" not null,
  before jsonb,
  after jsonb not null,
  -- By the team's clock; the order of every list.
  created_at timestamptz not null,
  recorded_at timestamptz not null default now()
) partition by range (recorded_at);
create table events_default partition of events default;
select make_months('events', 2);
insert into events (team_id, id, topic, resource, resource_id, before, after, created_at)
select team_id, id, topic, resource, resource_id, before, after, created_at from events_former;
drop table events_former;
alter table events add primary key (team_id, id, recorded_at);
create index events_by_age on events (team_id, created_at desc, id desc);
create index events_by_resource on events (team_id, resource_id, created_at desc, id desc);
create index events_by_topic on events (team_id, topic, created_at desc, id desc);
create index events_readable_by_age on events (team_id, created_at desc, id desc)
  where resource in ('account', 'attribute', 'connect', 'consumer', 'credit_score', 'payment');
create index events_readable_by_resource on events (team_id, resource, created_at desc, id desc)
  where resource in ('account', 'attribute', 'connect', 'consumer', 'credit_score', 'payment');
create trigger events_counted after insert on events
  referencing new table as made for each statement execute function count_events();

-- Deliveries and attempts.
alter table delivery_attempts rename to delivery_attempts_former;
alter table deliveries rename to deliveries_former;
create table deliveries (
  team_id text collate "C" not null,
  id text collate "C" not null,
  webhook_id text collate "C" not null,
  event_id text collate "C" not null,
  resource_id text collate "C" not null,
  body text not null,
  status text not null check (status in ('pending', 'delivered', 'exhausted', 'dropped')),
  attempts smallint not null default 0,
  last_attempt_at timestamptz,
  last_outcome text,
  due_at timestamptz not null,
  created_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  foreign key (team_id, webhook_id) references webhooks
) partition by range (recorded_at);
create table deliveries_default partition of deliveries default;
select make_months('deliveries', 2);
insert into deliveries (team_id, id, webhook_id, event_id, resource_id, body, status, attempts, last_attempt_at, last_outcome,
                        due_at, created_at)
select team_id, id, webhook_id, event_id, resource_id, body, status, attempts, last_attempt_at, last_outcome, due_at, created_at
from deliveries_former;

-- Each is kept in the month of its own sending, which can be later than its delivery's; so no foreign key holds them together.
create table delivery_attempts (
  team_id text collate "C" not null,
  delivery_id text collate "C" not null,
  sent_at timestamptz not null,
  took_ms integer not null,
  -- As they were sent; secrets are left out.
  request_headers jsonb not null,
  -- The HTTP status, or why there was none.
  outcome text not null,
  response_head text,
  recorded_at timestamptz not null default now()
) partition by range (recorded_at);
create table delivery_attempts_default partition of delivery_attempts default;
select make_months('delivery_attempts', 2);
insert into delivery_attempts (team_id, delivery_id, sent_at, took_ms, request_headers, outcome, response_head)
select team_id, delivery_id, sent_at, took_ms, request_headers, outcome, response_head from delivery_attempts_former;
drop table delivery_attempts_former;
drop table deliveries_former;

alter table deliveries add primary key (team_id, id, recorded_at);
create index deliveries_by_webhook on deliveries (team_id, webhook_id, created_at desc, id desc);
create index deliveries_by_event on deliveries (team_id, event_id);
-- What waits at a webhook, oldest first; and whether something of the same resource waits longer.
create index deliveries_waiting on deliveries (team_id, webhook_id, created_at, id) where status = 'pending';
create index deliveries_waiting_of_resource on deliveries (team_id, webhook_id, resource_id, created_at, id)
  where status = 'pending';
-- What failed for good, by which a webhook is judged.
create index deliveries_given_up on deliveries (team_id, webhook_id, created_at desc) where status = 'exhausted';
alter table delivery_attempts add primary key (team_id, delivery_id, sent_at, recorded_at);
