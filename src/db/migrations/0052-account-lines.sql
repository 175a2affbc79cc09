-- What is moved on an account through the ACH is a line of the account for whoever reads it, and says what it is for. Returns
-- are found by the account too, and told from what was moved in the first place.

alter table world.ach_entries add column description text;
create index ach_entries_by_account on world.ach_entries (realm, number_mark) where returns_at is not null;

alter table world.deposit_entries add column is_return boolean not null default false;
update world.deposit_entries e set is_return = true
where e.reference like '%:return' and exists (
  select 1 from world.ach_entries a where a.realm = e.realm and a.reference || ':return' = e.reference);
