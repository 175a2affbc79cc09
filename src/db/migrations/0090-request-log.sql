-- What callers asked and were answered, for whoever looks into what happened. It grows with every request, so it is kept in a table
-- for each month, as events are, and forgotten with it. Secrets and personal data are masked before they come here.
create table request_log (
  -- Empty for a request of nobody: one without a valid key.
  team_id text collate "C" not null,
  id text collate "C" not null,
  face text not null,
  method text not null,
  path text not null,
  -- As the face names it, with its places; null where nothing is served.
  route text,
  version text,
  status smallint not null,
  took_us integer not null,
  -- As the caller was told it.
  request_id text,
  query jsonb,
  request_body jsonb,
  response_body jsonb,
  -- In real time, whatever the team's clock shows.
  created_at timestamptz not null,
  recorded_at timestamptz not null default now()
) partition by range (recorded_at);
create table request_log_default partition of request_log default;
select make_months('request_log', 2);
alter table request_log add primary key (team_id, id, recorded_at);
create index request_log_by_age on request_log (team_id, created_at desc, id desc);
-- What failed is looked for most.
create index request_log_failed on request_log (team_id, created_at desc, id desc) where status >= 400;
create index request_log_by_request_id on request_log (team_id, request_id);

-- How many there were in each hour, so that no chart counts them.
create table request_counts (
  team_id text collate "C" not null,
  hour timestamptz not null,
  face text not null,
  -- 2 for 200 to 299, and so on.
  status_class smallint not null,
  total bigint not null,
  took_us bigint not null,
  primary key (team_id, hour, face, status_class)
);
