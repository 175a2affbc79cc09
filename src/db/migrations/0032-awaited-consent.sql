-- Teams may have people asked before an account that a later connect finds is theirs to use. Until consent is granted such an
-- account waits, and so does its holder: what waits is told apart from what may be used.

alter table accounts
  drop constraint accounts_status_check,
  add constraint accounts_status_check check (status in ('awaiting_consent', 'active', 'disabled', 'closed'));
alter table consumers add column awaits_consent boolean not null default false;
