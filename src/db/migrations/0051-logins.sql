-- People log in at institutions of the world and open their accounts to somebody. Who has accounts where is written down with
-- the terms on which they were opened, as debts are, and everything later follows from those. A login that needs more than
-- credentials waits as an attempt; what it opens is an access, which ends with the consent.

alter table world.people drop constraint people_origin_check;
alter table world.people
  -- login: somebody whom the world met at an institution's login, and knows no phone of
  add constraint people_origin_check check (origin in ('persona', 'invented', 'registered', 'login'));

-- Somebody with accounts at an institution.
create table world.customers (
  realm text collate "C" not null,
  ref text collate "C" not null,
  person_ref text collate "C" not null,
  institution_slug text collate "C" not null,
  -- Another set of accounts of the same person: a test login's, or one that was described.
  variant text collate "C" not null,
  -- Here the person is paid, and from here pays what they owe; the first institution of everybody.
  is_main boolean not null,
  terms jsonb not null,
  -- Accounts as they were described, sealed; only of such a variant.
  described_sealed text,
  primary key (realm, ref),
  unique (realm, person_ref, institution_slug, variant),
  foreign key (realm, person_ref) references world.people (realm, ref) on delete cascade
);
create unique index customers_main on world.customers (realm, person_ref) where is_main;

create table world.accesses (
  realm text collate "C" not null,
  ref text collate "C" not null,
  customer_ref text collate "C" not null,
  opened_at timestamptz not null,
  ended_at timestamptz,
  primary key (realm, ref),
  foreign key (realm, customer_ref) references world.customers (realm, ref) on delete cascade
);
create index accesses_of_customer on world.accesses (realm, customer_ref);

create table world.login_attempts (
  realm text collate "C" not null,
  ref text collate "C" not null,
  institution_slug text collate "C" not null,
  -- Who tries, sealed: as the caller said.
  claim_sealed text not null,
  -- Rounds of questions still to be answered, the present one first; null while the consumer is at the institution's own page.
  rounds jsonb,
  -- What came of it, once it is over: an access, or why there is none.
  access_ref text collate "C",
  refusal text,
  waits_since timestamptz not null,
  primary key (realm, ref),
  check (access_ref is null or refusal is null)
);
create index login_attempts_by_age on world.login_attempts (realm, waits_since);

-- Institutions that a rehearsal has made fail.
create table world.institution_faults (
  realm text collate "C" not null,
  institution_slug text collate "C" not null,
  reason text not null,
  primary key (realm, institution_slug)
);
