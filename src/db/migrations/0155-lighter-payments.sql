-- A window moves payments by the ten thousand, and what each costs is above all what is written for it.

-- A holder's payments are found by its accounts, so that a payment that moves enters two indexes less.
drop index payments_by_source_holder;
drop index payments_by_destination_holder;

-- Of what was before a change, only the members that changed are kept: the others are in `after`. Whole where the names of the
-- members changed too, as in all events from before.
alter table events add column is_before_partial boolean not null default false;
