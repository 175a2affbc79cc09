-- Accounts whose holders withdrew consent are listed by themselves.
create index accounts_withdrawn on accounts (team_id, created_at desc, id desc) where withdrawn_kind is not null;
