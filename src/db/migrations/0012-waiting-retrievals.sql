-- What an owner waits for is completed by one job, oldest first.
create index retrievals_waiting on retrievals (team_id, owner_id, created_at, id) where status in ('pending', 'in_progress');
