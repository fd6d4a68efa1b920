-- Offerings of a term of which no child has both, as the office declared them; each pair once, the lower id first.
create table offering_apart (
  school_id bigint not null references school (id),
  one_id text not null,
  other_id text not null,
  declared_by text not null,
  declared_at bigint not null,
  primary key (school_id, one_id, other_id),
  foreign key (school_id, one_id) references offering (school_id, id),
  foreign key (school_id, other_id) references offering (school_id, id)
);
create index offering_apart_by_other on offering_apart (school_id, other_id);
