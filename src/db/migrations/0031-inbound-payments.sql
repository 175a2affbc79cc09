-- Money that others send to the account number of a payment instrument is a payment, too: nobody of ours is its source, nothing is
-- pulled, and the ledger has it from `senders`, people outside of whom nothing is known.

alter table payments
  alter column source_id drop not null,
  alter column source_holder_id drop not null,
  add column instrument_id text collate "C",
  add constraint payments_come_from_somewhere check (
    (source_id is null) = (instrument_id is not null) and (source_id is null) = (source_holder_id is null));

alter table ledger_entries
  drop constraint ledger_entries_account_check,
  add constraint ledger_entries_account_check check (account in ('holder', 'source_in_transit', 'clearing', 'senders', 'team_fees',
    'operator_fees', 'operator_invoices', 'returns_receivable'));
