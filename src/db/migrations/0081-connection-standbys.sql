-- A connection can be read through more than one provider: beside the access that the consumer's login opened, those that the
-- next providers opened with the same login. One of them reads a product when a better one fails.
create table connection_standbys (
  team_id text collate "C" not null,
  connection_id text collate "C" not null,
  provider text not null,
  access_sealed bytea not null,
  primary key (team_id, connection_id, provider),
  foreign key (team_id, connection_id) references connections on delete cascade
);

-- By whom it was read last, where that is not the connection's own provider: what comes next is told in that one's terms.
alter table connection_products add column read_by text;
