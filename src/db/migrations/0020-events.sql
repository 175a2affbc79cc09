-- Events can be read: those of the resources that have event records. Others (a balance, a subscription) are kept for deliveries
-- and history only, so that the lists below need not step over them. The resources here are those of `READABLE` in core/events.

create index events_readable_by_age on events (team_id, created_at desc, id desc)
  where resource in ('account', 'attribute', 'connect', 'consumer', 'credit_score', 'payment');
create index events_readable_by_resource on events (team_id, resource, created_at desc, id desc)
  where resource in ('account', 'attribute', 'connect', 'consumer', 'credit_score', 'payment');

-- Their totals. One transaction may record several times, in any order of topics: were slots as few as elsewhere, two of them
-- could wait for each other.
create function count_events() returns trigger language plpgsql as $$
begin
  insert into list_counts as c (team_id, list, facets, slot, total)
  select team_id, 'events', array[resource, topic], pg_backend_pid() % 4096, count(*)
  from made
  where resource in ('account', 'attribute', 'connect', 'consumer', 'credit_score', 'payment')
  group by team_id, resource, topic
  order by team_id, resource, topic
  on conflict (team_id, list, facets, slot) do update set total = c.total + excluded.total;
  return null;
end $$;
create trigger events_counted after insert on events
  referencing new table as made for each statement execute function count_events();

insert into list_counts (team_id, list, facets, slot, total)
select team_id, 'events', array[resource, topic], 0, count(*) from events
where resource in ('account', 'attribute', 'connect', 'consumer', 'credit_score', 'payment')
group by team_id, resource, topic;
