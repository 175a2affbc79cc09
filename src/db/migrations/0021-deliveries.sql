-- A webhook has a state that shows whether its receiver can be reached, and is switched off when it cannot. Deliveries of one
-- resource go to a webhook one after the other, each attempt leaves a row, and one that was dropped or is sent again is told apart.

alter table webhooks
  add column status text not null default 'active' check (status in ('active', 'requires_attention', 'disabled')),
  add column status_reason text
    check (status_reason in ('timeout', 'received_4xx', 'received_5xx', 'other', 'by_user')),
  add column exhausted_in_row smallint not null default 0,
  add constraint webhooks_reasoned check ((status_reason is null) = (status = 'active'));
drop index webhooks_by_topic;
create index webhooks_by_topic on webhooks (team_id, topic) where deleted_at is null and status <> 'disabled';

alter table deliveries
  add column resource_id text collate "C" not null default '',
  add column due_at timestamptz,
  -- While somebody is sending it.
  add column leased_until timestamptz,
  drop constraint deliveries_status_check,
  add constraint deliveries_status_check check (status in ('pending', 'delivered', 'exhausted', 'dropped'));
update deliveries d set resource_id = e.resource_id from events e where e.team_id = d.team_id and e.id = d.event_id;
update deliveries set due_at = coalesce(last_attempt_at, created_at);
alter table deliveries alter column due_at set not null;

-- What waits at a webhook, each resource's in order.
create index deliveries_waiting on deliveries (team_id, webhook_id, resource_id, created_at, id) where status = 'pending';

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
  primary key (team_id, delivery_id, sent_at),
  foreign key (team_id, delivery_id) references deliveries on delete cascade
);

-- What was on its way by the former jobs, one for each delivery, is sent when its webhook is next told of something, or sent again.
