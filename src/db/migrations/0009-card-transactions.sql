-- What is bought with cards, as their networks tell it while the card is enrolled. A network may tell the same twice, so its
-- own name of a transaction is there once for each account. How far a subscription that is told of news has been read stands in
-- its row: the next question begins there.

create table card_transactions (
  team_id text collate "C" not null,
  id text collate "C" not null,
  account_id text collate "C" not null,
  network_ref text collate "C" not null,
  kind text not null check (kind in ('purchase', 'refund')),
  status text not null check (status in ('pending', 'posted', 'voided')),
  descriptor text not null,
  merchant jsonb not null,
  network text not null,
  amount_cents bigint not null,
  authorized_cents bigint not null,
  transacted_at timestamptz not null,
  posted_at timestamptz check (posted_at is not null or status <> 'posted'),
  voided_at timestamptz check ((voided_at is not null) = (status = 'voided')),
  -- the purchase that a refund gives back, where it was told
  original_id text collate "C",
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, account_id) references accounts
);
create unique index card_transactions_once_per_ref on card_transactions (team_id, account_id, network_ref);
create index card_transactions_by_account on card_transactions (team_id, account_id, created_at desc, id desc);

alter table subscriptions add column fetched_until timestamptz;
