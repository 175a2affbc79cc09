-- Totals of accounts were kept for every merchant in one list, so that adding them up read a row for each merchant that a team
-- has, times each of its other facets. Now the list itself knows no merchants, and each merchant has a list of its own.

-- The lists that an account is in, and its facets there.
create function account_lists(merchant_number integer) returns setof text language sql immutable as $$
  select 'accounts' union all select 'accounts of ' || merchant_number where merchant_number is not null
$$;
create function account_facets(status text, kind text, liability_type text, ownership text) returns text[]
language sql immutable as $$
  select array[status, coalesce(kind, '-'), coalesce(liability_type, '-'), coalesce(ownership, '-')]
$$;

create or replace function count_accounts() returns trigger language plpgsql as $$
begin
  insert into list_counts as c (team_id, list, facets, slot, total)
  select a.team_id, l, account_facets(a.status, a.kind, a.liability_type, a.ownership), pg_backend_pid() % 16, count(*)
  from made a, account_lists(a.merchant_number) l
  group by 1, 2, 3
  order by 1, 2, 3
  on conflict (team_id, list, facets, slot) do update set total = c.total + excluded.total;
  return null;
end $$;

create or replace function recount_accounts() returns trigger language plpgsql as $$
begin
  insert into list_counts as c (team_id, list, facets, slot, total)
  select new.team_id, list, facets, pg_backend_pid() % 16, sum(delta)
  from (
    select l as list, account_facets(old.status, old.kind, old.liability_type, old.ownership) as facets, -1 as delta
    from account_lists(old.merchant_number) l
    union all
    select l, account_facets(new.status, new.kind, new.liability_type, new.ownership), 1
    from account_lists(new.merchant_number) l) moved
  group by 1, 2, 3
  having sum(delta) <> 0
  order by 1, 2, 3
  on conflict (team_id, list, facets, slot) do update set total = c.total + excluded.total;
  return null;
end $$;

delete from list_counts where list = 'accounts';
insert into list_counts (team_id, list, facets, slot, total)
select a.team_id, l, account_facets(a.status, a.kind, a.liability_type, a.ownership), 0, count(*)
from accounts a, account_lists(a.merchant_number) l
group by 1, 2, 3;
