-- Where a person stands in a hosted page, so that a reload finds them there: which screens were passed, which sessions were
-- begun. What they said of themselves is not in it; that is at the consumer.

alter table element_tokens add column progress jsonb not null default '{}';
