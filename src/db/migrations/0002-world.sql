-- The simulated financial world behind the network port. It has a schema of its own so that nothing of the core can
-- cheat by reading it: what the core knows of people and debts it has asked for. A realm is one team's world. A person
-- is written when first asked for and stays; terms of debts never change, every figure is computed from them and a day.
-- Invented SSNs and account numbers are not stored, they follow from the seed; brought ones are stored sealed.

create schema world;

create table world.people (
  realm text collate "C" not null,
  ref text collate "C" not null,
  -- what finds the person: a phone number, or phone and consumer where every consumer gets a copy
  key text collate "C" not null,
  origin text not null check (origin in ('persona', 'invented', 'registered')),
  phone text collate "C" not null,
  profile jsonb not null,
  ssn_sealed text,
  -- false: the debts are invented on the day they are first asked for
  has_debts boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (realm, ref),
  unique (realm, key)
);
create index people_registered on world.people (realm, key) where origin = 'registered';

create table world.liabilities (
  realm text collate "C" not null,
  ref text collate "C" not null,
  person_ref text collate "C" not null,
  position integer not null check (position >= 0),
  merchant_number integer not null,
  terms jsonb not null,
  account_number_sealed text,
  created_at timestamptz not null default now(),
  primary key (realm, ref),
  unique (realm, person_ref, position),
  foreign key (realm, person_ref) references world.people on delete cascade
);
