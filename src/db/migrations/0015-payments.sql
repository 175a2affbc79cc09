-- Payments, reversals, the entries they send through the ACH, and the ledger that every cent of them is in.
--
-- What a payment waits for is an instant of the domain, kept in its row and taken in batches. An entry is written down before
-- it is sent, and marked once the network has it; sending it again under its reference changes nothing, so a process may die
-- at any moment. The ledger is only ever added to: the database refuses a transfer that does not balance and a change of one.

create table payments (
  team_id text collate "C" not null,
  id text collate "C" not null,
  source_id text collate "C" not null,
  source_holder_id text collate "C" not null,
  destination_id text collate "C" not null,
  destination_holder_id text collate "C" not null,
  destination_kind text not null check (destination_kind in ('ach', 'liability')),
  amount_cents bigint not null check (amount_cents > 0),
  description text not null,
  status text not null check (status in ('pending', 'canceled', 'processing', 'failed', 'sent', 'posted', 'settled', 'cashed',
    'reversal_required', 'reversal_processing', 'reversed')),
  fund_status text not null check (fund_status in ('hold', 'pending', 'requested', 'clearing', 'failed', 'sent', 'posted', 'cashed', 'unknown')),
  source_status text not null,
  destination_status text not null,
  estimated_completion_on date not null,
  source_trace_id text collate "C",
  source_settlement_on date not null,
  destination_trace_id text collate "C",
  destination_settlement_on date not null,
  destination_method text check (destination_method in ('electronic', 'paper')),
  reversal_id text collate "C",
  reversal_account_id text collate "C",
  fee_type text check (fee_type in ('total', 'markup')),
  fee_cents bigint check (fee_cents > 0),
  -- what the operator takes for it, as it was when the payment was made
  operator_fee_cents bigint not null check (operator_fee_cents >= 0),
  type text not null check (type in ('standard', 'clearing')),
  failure text,
  metadata jsonb,
  -- when it moves on by itself; null when it waits for somebody or has ended
  due_at timestamptz,
  -- when the push was handed over, from which the days of a late return count
  sent_at timestamptz,
  failed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, source_id) references accounts,
  foreign key (team_id, destination_id) references accounts,
  check ((fee_type is null) = (fee_cents is null)),
  check (source_id <> destination_id),
  -- the destination gets at least a cent
  check (amount_cents - coalesce(fee_cents, 0) - case when fee_type = 'markup' then operator_fee_cents else 0 end > 0)
);
create index payments_by_age on payments (team_id, created_at desc, id desc);
create index payments_by_status on payments (team_id, status, created_at desc, id desc);
create index payments_by_source on payments (team_id, source_id, created_at desc, id desc);
create index payments_by_destination on payments (team_id, destination_id, created_at desc, id desc);
create index payments_by_source_holder on payments (team_id, source_holder_id, created_at desc, id desc);
create index payments_by_destination_holder on payments (team_id, destination_holder_id, created_at desc, id desc);
create index payments_by_reversal on payments (team_id, reversal_id) where reversal_id is not null;
create index payments_due on payments (team_id, due_at) where due_at is not null;
create index payments_failed on payments (team_id, source_id, failed_at) where failed_at is not null;

create function count_payments() returns trigger language plpgsql as $$
begin
  insert into list_counts as c (team_id, list, facets, slot, total)
  select team_id, 'payments', array[status, type], pg_backend_pid() % 16, count(*)
  from made group by 1, 2, 3 order by 1, 3
  on conflict (team_id, list, facets, slot) do update set total = c.total + excluded.total;
  return null;
end $$;
create trigger payments_counted after insert on payments
  referencing new table as made for each statement execute function count_payments();

-- A window moves thousands at once, so they are counted together.
create function recount_payments() returns trigger language plpgsql as $$
begin
  insert into list_counts as c (team_id, list, facets, slot, total)
  select team_id, 'payments', facets, pg_backend_pid() % 16, sum(delta)
  from (
    select team_id, array[status, type] as facets, -1 as delta from was
    union all
    select team_id, array[status, type], 1 from made) moved
  group by 1, 2, 3
  having sum(delta) <> 0
  order by 1, 3
  on conflict (team_id, list, facets, slot) do update set total = c.total + excluded.total;
  return null;
end $$;
create trigger payments_recounted after update on payments
  referencing old table as was new table as made for each statement execute function recount_payments();

-- How many payments a team has made in a month; only of teams that may not make any number.
create table payment_quotas (
  team_id text collate "C" not null references teams,
  month text not null,
  used integer not null check (used > 0),
  primary key (team_id, month)
);

create table payment_reversals (
  team_id text collate "C" not null,
  id text collate "C" not null,
  payment_id text collate "C" not null,
  target_id text collate "C" not null,
  trace_id text collate "C",
  direction text not null check (direction in ('debit', 'credit')),
  description text not null,
  amount_cents bigint not null check (amount_cents > 0),
  status text not null check (status in ('pending_approval', 'pending', 'processing', 'sent', 'failed')),
  failure text check ((failure is null) = (status <> 'failed')),
  due_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  foreign key (team_id, payment_id) references payments,
  foreign key (team_id, target_id) references accounts
);
create index payment_reversals_by_payment on payment_reversals (team_id, payment_id, created_at desc, id desc);
create index payment_reversals_due on payment_reversals (team_id, due_at) where due_at is not null;

create sequence ach_traces;

create table ach_entries (
  team_id text collate "C" not null,
  -- the network knows it by this name; once under it, twice is once
  reference text collate "C" not null,
  payment_id text collate "C" not null,
  reversal_id text collate "C",
  leg text not null check (leg in ('pull', 'push', 'reversal')),
  direction text not null check (direction in ('debit', 'credit')),
  account_id text collate "C" not null,
  amount_cents bigint not null check (amount_cents > 0),
  description text not null,
  trace_id text collate "C" not null,
  effective_on date not null,
  status text not null check (status in ('waiting', 'sent', 'returned')),
  -- when it was handed over for a window: by this, files and reports find the entries of one
  window_at timestamptz not null,
  sent_at timestamptz,
  return_code text check ((return_code is null) = (status <> 'returned')),
  returned_at timestamptz,
  primary key (team_id, reference),
  foreign key (team_id, payment_id) references payments
);
create index ach_entries_waiting on ach_entries (team_id, window_at, reference) where status = 'waiting';
create index ach_entries_by_window on ach_entries (team_id, window_at, reference);
create index ach_entries_by_payment on ach_entries (team_id, payment_id);
create index ach_entries_by_account on ach_entries (team_id, account_id, window_at);
create index ach_entries_by_trace on ach_entries (trace_id);

-- How far the network's returns have been read, and when it says that there may be more.
create table ach_returns_read (
  team_id text collate "C" not null primary key references teams,
  until bigint not null default 0,
  due_at timestamptz
);
create index ach_returns_due on ach_returns_read (due_at) where due_at is not null;

-- Money that moved, in cents: what an account gained, or lost where negative. One step of one payment is a transfer; its
-- entries add up to nothing. `holder` is a bank's account outside, named by `account_id`.
create table ledger_entries (
  team_id text collate "C" not null,
  payment_id text collate "C" not null,
  step text not null,
  position smallint not null check (position >= 0),
  account text not null check (account in ('holder', 'source_in_transit', 'clearing', 'team_fees', 'operator_fees',
    'operator_invoices', 'returns_receivable')),
  account_id text collate "C" check ((account_id is null) = (account <> 'holder')),
  cents bigint not null check (cents <> 0),
  at timestamptz not null,
  -- a step of a payment is posted once
  primary key (team_id, payment_id, step, position)
);
create index ledger_entries_by_holder on ledger_entries (team_id, account_id) where account_id is not null;

-- A transfer comes whole, in one statement: it begins at position 0, which no later statement can have again, has two or more
-- entries, and they balance. Looked at once for each statement, so that a window's thousands cost one look.
create function refuse_unbalanced_transfers() returns trigger language plpgsql as $$
begin
  if exists (
    select from made group by team_id, payment_id, step having sum(cents) <> 0 or count(*) < 2 or min(position) <> 0
  ) then
    raise exception 'A transfer of the ledger must have entries that balance, all written at once.' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger ledger_balances after insert on ledger_entries
  referencing new table as made for each statement execute function refuse_unbalanced_transfers();

create function refuse_ledger_changes() returns trigger language plpgsql as $$
begin
  raise exception 'Entries of the ledger are never changed nor removed.' using errcode = 'check_violation';
end $$;
create trigger ledger_is_append_only before update or delete or truncate on ledger_entries
  for each statement execute function refuse_ledger_changes();

-- The world's side: every entry that its operator was handed, once for each reference, and what the receiving bank does about it.

create table world.ach_entries (
  realm text collate "C" not null,
  reference text collate "C" not null,
  direction text not null check (direction in ('debit', 'credit')),
  cents bigint not null check (cents > 0),
  trace_id text collate "C" not null,
  -- a deposit account, or a debt, or neither: then nobody the world knows
  number_mark text collate "C",
  routing_number text collate "C",
  debt_ref text collate "C",
  at timestamptz not null,
  return_code text,
  returns_at timestamptz check ((returns_at is null) = (return_code is null)),
  -- counts what has come back, in the order in which it is told
  returned_number bigint,
  primary key (realm, reference)
);
create index ach_entries_returning on world.ach_entries (realm, returns_at) where returns_at is not null and returned_number is null;
create index ach_entries_returned on world.ach_entries (realm, returned_number) where returned_number is not null;
create sequence world.ach_returned;

-- Accounts are also debited, and debts get a returned payment back.
alter table world.deposit_entries
  drop constraint deposit_entries_cents_check,
  add constraint deposit_entries_cents_check check (cents <> 0);
alter table world.movements
  drop constraint movements_kind_check,
  drop constraint movements_check,
  add constraint movements_kind_check check (kind in ('purchase', 'payment', 'payment_return')),
  add constraint movements_cents_check check ((cents > 0) = (kind <> 'payment'));
