-- Catalogue: what a school offers beside base care in a term, and what its reviewer decided.

create table offering (
  school_id bigint not null references school (id),
  id text not null,
  term_id text not null,
  title text not null,
  kind text not null check (kind in ('club', 'moving_class', 'temporary_group', 'open_activity')),
  topic text not null,
  venue text not null,
  teacher_id text,
  capacity bigint not null check (1 <= capacity),
  minimum bigint not null check (1 <= minimum and minimum <= capacity),
  sex text not null check (sex in ('anyone', 'girls', 'boys')),
  description text not null,
  materials text not null,
  cost_fen bigint check (0 < cost_fen),
  status text not null check (status in ('draft', 'in_review', 'returned', 'published', 'withdrawn')),
  made_by text not null,
  made_at bigint not null,
  written_by text not null,
  written_at bigint not null,
  handed_in_by text,
  handed_in_at bigint,
  version bigint not null,
  primary key (school_id, id),
  foreign key (school_id, term_id) references term (school_id, id),
  foreign key (school_id, teacher_id) references staff (school_id, id)
);
create index offering_by_term on offering (school_id, term_id, status);

create table offering_meeting (
  school_id bigint not null references school (id),
  offering_id text not null,
  weekday bigint not null check (weekday between 1 and 7),
  slot_id text not null,
  primary key (school_id, offering_id, weekday, slot_id),
  foreign key (school_id, offering_id) references offering (school_id, id)
);

create table offering_grade (
  school_id bigint not null references school (id),
  offering_id text not null,
  grade bigint not null check (grade between 1 and 9),
  primary key (school_id, offering_id, grade),
  foreign key (school_id, offering_id) references offering (school_id, id)
);

-- what the reviewer said of which version, with the flags that stood on the page; only ever added to
create table offering_decision (
  school_id bigint not null references school (id),
  offering_id text not null,
  version bigint not null,
  verdict text not null check (verdict in ('publish', 'send_back')),
  reason text not null,
  shown text not null,
  decided_by text not null,
  decided_at bigint not null,
  primary key (school_id, offering_id, version),
  foreign key (school_id, offering_id) references offering (school_id, id)
);
