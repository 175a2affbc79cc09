-- What a rehearsal announces for a person comes true when the world is next asked: debts when it is asked what they owe,
-- soft inquiries when it is asked for their credit file. What came true stays, so an inquiry is kept with the person, and
-- a debt says that it is one the person did not begin with. Contract: method/simulate §5, §6.

alter table world.people
  -- liability types, the first announced first
  add column awaited_debts text[] not null default '{}' check (cardinality(awaited_debts) <= 5),
  add column awaited_inquiries integer not null default 0 check (awaited_inquiries between 0 and 5),
  add column soft_inquiries jsonb not null default '[]';

alter table world.liabilities
  -- null: the person was met with it
  add column arose_at timestamptz;
