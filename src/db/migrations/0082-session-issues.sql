-- Consumers may tell what went wrong on the link page, where the team's session asks for it. What they write can be about
-- themselves, so it is sealed, and goes with everything else that is private when their connection is deleted.
alter table connect_sessions add column issues_sealed bytea;
