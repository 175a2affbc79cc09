-- Teams may settle that no two of their people have one phone number.
create index consumers_by_phone on consumers (team_id, (individual->>'phone')) where individual->>'phone' is not null;
