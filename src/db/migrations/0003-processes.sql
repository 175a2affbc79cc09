-- Which processes are alive. graphile-worker leaves the jobs of a killed worker locked for four hours; with a heartbeat
-- row per worker pool, another process can tell after seconds that the holder is gone, and free its jobs.
create table processes (
  -- graphile-worker's own id of the pool, as it writes it into locked_by
  pool_id text primary key,
  host text not null,
  pid integer not null,
  started_at timestamptz not null default now(),
  beat_at timestamptz not null default now()
);
