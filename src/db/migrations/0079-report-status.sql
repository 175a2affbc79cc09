-- A report can be asked for as one that is answered later: it is made, and is complete when its job has run.
alter table reports
  add column status text not null default 'completed' check (status in ('processing', 'completed'));
