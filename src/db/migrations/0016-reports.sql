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

-- Few payments fail, and a report asks for those of a day.
create index payments_by_failure on payments (team_id, failed_at, id) where failed_at is not null;
