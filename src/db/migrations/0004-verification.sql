-- Verification by further methods, and consent that can be withdrawn. Sessions are found by their phone (a keyed hash, for
-- the limit of attempts), by their due time (all teams at once) and by the link a phone opens, which names no team. A
-- consumer or account whose consent was withdrawn has no kind any more, so that no filter by kind finds it; its former
-- kind stays for showing which members it lacks. Texts to phones of the simulated world are kept there.

alter table verification_sessions add column phone_hash text collate "C";
create index verification_sessions_by_phone on verification_sessions (team_id, phone_hash, created_at)
  where phone_hash is not null;
create index verification_sessions_due on verification_sessions (expires_at) where status = 'in_progress';
create unique index verification_sessions_by_link on verification_sessions (id) where method = 'sna';

alter table consumers
  alter column kind drop not null,
  add column withdrawn_kind text check (withdrawn_kind in ('individual', 'corporation')),
  -- a keyed hash of who the person was, so that consent granted again is that person's
  add column person_mark text,
  add constraint consumers_kind_or_withdrawn check ((kind is null) = (withdrawn_kind is not null)),
  add constraint consumers_withdrawn_are_erased check (
    withdrawn_kind is null
    or status = 'disabled' and individual is null and corporation is null and ssn_sealed is null
      and ssn4_sealed is null and person_ref is null and metadata is null);

alter table accounts
  alter column kind drop not null,
  add column withdrawn_kind text check (withdrawn_kind in ('ach', 'liability')),
  add constraint accounts_kind_or_withdrawn check ((kind is null) = (withdrawn_kind is not null)),
  add constraint accounts_withdrawn_are_erased check (
    withdrawn_kind is null
    or status = 'disabled' and merchant_number is null and name is null and mask is null and fingerprint is null
      and metadata is null);

create or replace function count_consumers() returns trigger language plpgsql as $$
begin
  perform add_to_list_counts('consumers', array_agg(team_id), array_agg(concat_ws('|', coalesce(kind, '-'), status)), 1) from made;
  return null;
end $$;

create or replace function recount_consumers() returns trigger language plpgsql as $$
begin
  perform add_to_list_counts('consumers', array[old.team_id], array[concat_ws('|', coalesce(old.kind, '-'), old.status)], -1);
  perform add_to_list_counts('consumers', array[new.team_id], array[concat_ws('|', coalesce(new.kind, '-'), new.status)], 1);
  return null;
end $$;

create or replace function recount_accounts() returns trigger language plpgsql as $$
begin
  perform add_to_list_counts('accounts', array[old.team_id], array[concat_ws('|', old.status, coalesce(old.kind, '-'), coalesce(old.merchant_number::text, '-'), coalesce(old.liability_type, '-'), coalesce(old.ownership, '-'))], -1);
  perform add_to_list_counts('accounts', array[new.team_id], array[concat_ws('|', new.status, coalesce(new.kind, '-'), coalesce(new.merchant_number::text, '-'), coalesce(new.liability_type, '-'), coalesce(new.ownership, '-'))], 1);
  return null;
end $$;

create table world.messages (
  realm text collate "C" not null,
  phone text collate "C" not null,
  id bigint generated always as identity,
  text_sealed text not null,
  sent_at timestamptz not null,
  primary key (realm, phone, id)
);
