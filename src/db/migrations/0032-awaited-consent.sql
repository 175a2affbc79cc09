-- Teams may have people asked before an account that a later connect finds is theirs to use. Until consent is granted such an
-- account waits, and so does its holder: what waits is told apart from what may be used.

alter table accounts
  drop constraint accounts_status_check,
  add constraint accounts_status_check check (status in ('awaiting_consent', 'active', 'disabled', 'closed'));
alter table consumers add column awaits_consent boolean not null default false;

-- Lists leave out what waits, without looking at its rows.
drop index accounts_by_age, accounts_by_consumer, accounts_by_kind, accounts_by_merchant, accounts_by_ownership, accounts_by_type;
create index accounts_by_age on accounts (team_id, created_at desc, id desc) include (status);
create index accounts_by_consumer on accounts (team_id, consumer_id, created_at desc, id desc) include (status);
create index accounts_by_kind on accounts (team_id, kind, created_at desc, id desc) include (status);
create index accounts_by_merchant on accounts (team_id, merchant_number, created_at desc, id desc) include (status);
create index accounts_by_ownership on accounts (team_id, ownership, created_at desc, id desc) include (status);
create index accounts_by_type on accounts (team_id, liability_type, created_at desc, id desc) include (status);
