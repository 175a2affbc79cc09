-- What the world knows of single accounts. A debt may belong to nobody it knows: one that a caller located by its number
-- for a consumer nobody identified. A card may have got another face. Money that moves on a debt for a reason of its own,
-- not of its terms, is a row of its own, numbered within the debt. Deposit accounts come into being when something
-- arrives; their numbers are sealed, and found by a keyed hash.

alter table world.liabilities
  alter column person_ref drop not null,
  add column card_product_number integer,
  add column card_brand_number integer,
  -- counted here, so that two movements at once wait for each other instead of taking the same number
  add column movement_count integer not null default 0,
  add constraint liabilities_face_is_whole check ((card_product_number is null) = (card_brand_number is null));

create table world.movements (
  realm text collate "C" not null,
  debt_ref text collate "C" not null,
  number integer not null check (number > 0),
  at timestamptz not null,
  kind text not null check (kind in ('purchase', 'payment')),
  -- what it adds to the debt: a payment is negative
  cents bigint not null check ((cents > 0) = (kind = 'purchase')),
  detail jsonb,
  primary key (realm, debt_ref, number),
  foreign key (realm, debt_ref) references world.liabilities on delete cascade
);

create table world.deposit_accounts (
  realm text collate "C" not null,
  number_mark text collate "C" not null,
  routing_number text collate "C" not null,
  type text not null check (type in ('checking', 'savings')),
  number_sealed text not null,
  primary key (realm, number_mark, routing_number)
);

create table world.deposit_entries (
  realm text collate "C" not null,
  reference text collate "C" not null,
  position integer not null check (position >= 0),
  number_mark text collate "C" not null,
  routing_number text collate "C" not null,
  cents bigint not null check (cents > 0),
  at timestamptz not null,
  -- a reference arrives once
  primary key (realm, reference, position),
  foreign key (realm, number_mark, routing_number) references world.deposit_accounts
);
create index deposit_entries_by_account on world.deposit_entries (realm, number_mark, at desc);
