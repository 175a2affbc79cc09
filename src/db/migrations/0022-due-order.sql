-- What is due at one instant is taken in the order of its ids, so that two databases with the same rows do the same things in
-- the same order. Without the id in the index, each batch of a window would sort all that waits for it.

drop index payments_due;
create index payments_due on payments (team_id, due_at, id) where due_at is not null;
drop index payment_reversals_due;
create index payment_reversals_due on payment_reversals (team_id, due_at, id) where due_at is not null;
drop index subscriptions_due;
create index subscriptions_due on subscriptions (team_id, due_at, id) where status = 'active';
drop index verification_sessions_due;
create index verification_sessions_due on verification_sessions (team_id, expires_at, id) where status = 'in_progress';
drop index account_verification_sessions_due;
create index account_verification_sessions_due on account_verification_sessions (team_id, due_at, id) where due_at is not null;
