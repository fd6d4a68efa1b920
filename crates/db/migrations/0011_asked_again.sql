-- Somebody who was stopped at the gate asks again: further moments of one stop (H3).

create table pickup_stop_moment (
  school_id bigint not null references school (id),
  stop_id text not null,
  at bigint not null,
  account_id text not null,
  primary key (school_id, stop_id, at),
  foreign key (school_id, stop_id) references pickup_stop (school_id, id)
);
