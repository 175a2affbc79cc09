-- Two more kinds of account: clearing accounts, which the server opens at the bank that originates its entries, and debit
-- cards, which stand for the deposit accounts behind them. What a clearing account may be used for is a fact of its own.

alter table accounts
  drop constraint accounts_kind_check,
  add constraint accounts_kind_check check (kind in ('ach', 'liability', 'clearing', 'debit_card')),
  drop constraint accounts_withdrawn_kind_check,
  add constraint accounts_withdrawn_kind_check check (withdrawn_kind in ('ach', 'liability', 'clearing', 'debit_card')),
  drop constraint accounts_bank_facts,
  add constraint accounts_bank_facts check (
    kind is null or kind not in ('ach', 'clearing') or routing_number is not null and bank_account_type is not null),
  add column clearing_use text check (clearing_use in ('single_use', 'multi_use')),
  add constraint accounts_clearing_use check ((kind is not distinct from 'clearing') = (clearing_use is not null));

alter table payments
  add column source_is_single_use boolean not null default false;
-- A single-use account is the source of one payment; one that was canceled, or failed and so took nothing, does not count.
create unique index payments_single_use on payments (team_id, source_id)
  where source_is_single_use and status not in ('canceled', 'failed');

-- Money can be taken from such an account only as far as it has come in.
alter table world.deposit_accounts
  add column is_prefunded boolean not null default false;
