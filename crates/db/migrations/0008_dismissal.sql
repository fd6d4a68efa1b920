-- Who may take a child, who must not, how children go home, stops at the gate, and closing.

create table pickup_delegate (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  name text not null,
  relation text not null,
  named_by text not null,
  from_on text not null,
  to_on text not null,
  named_at bigint not null,
  ended_at bigint,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, named_by) references guardian (school_id, id)
);
create index pickup_delegate_by_student on pickup_delegate (school_id, student_id, to_on);

create table pickup_restriction (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  name text not null,
  guardian_id text,
  source text not null,
  note_sealed text not null,
  from_on text not null,
  to_on text,
  set_by text not null,
  set_at bigint not null,
  lifted_by text,
  lifted_at bigint,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, guardian_id) references guardian (school_id, id)
);
create index pickup_restriction_by_student on pickup_restriction (school_id, student_id);

create table release_consent (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  mode text not null,
  given_by text not null,
  given_at bigint not null,
  from_on text not null,
  to_on text,
  withdrawn_at bigint,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, given_by) references guardian (school_id, id)
);
create index release_consent_by_student on release_consent (school_id, student_id);

create table pickup_stop (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  day text not null,
  at bigint not null,
  why text not null,
  needs_duty_leader bigint not null,
  collector text not null,
  account_id text not null,
  settlement text,
  note text,
  settled_by text,
  settled_at bigint,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id)
);
create index pickup_stop_by_day on pickup_stop (school_id, day, student_id);

create table group_closing (
  school_id bigint not null references school (id),
  session_id text not null,
  account_id text not null,
  closed_at bigint not null,
  note text not null,
  primary key (school_id, session_id),
  foreign key (school_id, session_id) references session (school_id, id)
);

create table closed_day (
  school_id bigint not null references school (id),
  day text not null,
  account_id text not null,
  closed_at bigint not null,
  expected bigint not null,
  released bigint not null,
  primary key (school_id, day)
);
