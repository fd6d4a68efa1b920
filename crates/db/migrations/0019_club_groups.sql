-- Groups beside the home classes: those of clubs, whose children have a seat, and temporary ones of several classes.

create table club_group (
  school_id bigint not null references school (id),
  group_id text not null,
  offering_id text not null,
  slot_id text not null,
  primary key (school_id, group_id),
  unique (school_id, offering_id, slot_id),
  foreign key (school_id, group_id) references teaching_group (school_id, id),
  foreign key (school_id, offering_id) references offering (school_id, id)
);

-- a class's group that sits with others in a temporary one on a weekday
create table merged_class (
  school_id bigint not null references school (id),
  base_id text not null,
  weekday bigint not null check (weekday between 1 and 7),
  into_id text not null,
  from_on text not null,
  to_on text,
  primary key (school_id, base_id, weekday, from_on),
  foreign key (school_id, base_id) references teaching_group (school_id, id),
  foreign key (school_id, into_id) references teaching_group (school_id, id)
);
create index merged_class_into on merged_class (school_id, into_id);
