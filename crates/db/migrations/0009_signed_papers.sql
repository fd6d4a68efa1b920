-- What families say on paper, and objections to names that are shown in a class.

-- entered by one person, confirmed by another; `says` is written as JSON and read by the program alone
create table signed_paper (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  guardian_id text not null,
  kind text not null
    check (kind in ('delegate', 'delegate_ends', 'way_home', 'way_home_ends', 'purposes', 'withdrawal')),
  says text not null,
  signed_on text not null,
  place text not null,
  status text not null check (status in ('entered', 'confirmed', 'rejected')),
  entered_by text not null,
  entered_at bigint not null,
  settled_by text,
  settled_at bigint,
  version bigint not null default 0,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, guardian_id) references guardian (school_id, id)
);
create index signed_paper_by_status on signed_paper (school_id, status, entered_at);
create index signed_paper_by_child on signed_paper (school_id, student_id);

-- an objection (异议) to one child on a list, and the answer
create table publication_objection (
  school_id bigint not null references school (id),
  id text not null,
  publication_id text not null,
  application_id text not null,
  student_id text,
  what text not null,
  said_by text not null,
  said_at bigint not null,
  verdict text check (verdict in ('upheld', 'dismissed')),
  answer text not null,
  answered_by text,
  answered_at bigint,
  version bigint not null default 0,
  primary key (school_id, id),
  foreign key (school_id, publication_id) references class_publication (school_id, id),
  foreign key (school_id, application_id) references application (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id)
);
create index publication_objection_by_list on publication_objection (school_id, publication_id);
