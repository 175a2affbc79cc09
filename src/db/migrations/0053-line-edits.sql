-- A rehearsal adds lines to accounts, changes them and takes them away, so that whoever keeps a copy has something to notice.

create table world.line_edits (
  realm text collate "C" not null,
  account_ref text collate "C" not null,
  id bigint not null generated always as identity,
  -- Null for a line that is added, whose ref follows from its id.
  line_ref text collate "C",
  at timestamptz not null,
  kind text not null check (kind in ('add', 'change', 'remove')),
  -- The line as it was drafted, or what changes of it.
  detail jsonb,
  primary key (realm, account_ref, id),
  check ((line_ref is null) = (kind = 'add'))
);
