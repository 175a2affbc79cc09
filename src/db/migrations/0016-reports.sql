-- Reports: which rows a team asked for, settled when the report is made. The rows themselves are read when it is
-- downloaded, so a report of a million payments is one row here.
create table reports (
  team_id text collate "C" not null references teams,
  id text collate "C" not null,
  kind text not null,
  -- the stretch of time whose rows it has
  begins_at timestamptz not null,
  ends_before timestamptz not null,
  metadata jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (team_id, id),
  check (begins_at <= ends_before)
);

-- What reports choose payments and reversals by, beside their age.
create index payments_by_update on payments (team_id, updated_at, id);
create index payments_by_failure on payments (team_id, failed_at, id) where failed_at is not null;
create index payment_reversals_by_update on payment_reversals (team_id, updated_at, id);
