-- People of a school: students, their home classes by year of entry, guardians, staff, imports.
-- Nothing is overwritten that a past day leans on: stays and guardianships have a first and a last day.

-- held before a change of the roster decides anything
create table roster (
  school_id bigint not null references school (id),
  version bigint not null,
  primary key (school_id)
);

create table student (
  school_id bigint not null references school (id),
  id text not null,
  name text not null,
  sex text not null check (sex in ('M', 'F', '')),
  seat_no bigint,
  boarding text not null default 'day' check (boarding in ('day', 'boarder')),
  status text not null default 'enrolled' check (status in ('enrolled', 'left')),
  left_on text,
  left_why text,
  version bigint not null default 0,
  primary key (school_id, id)
);
create index student_by_name on student (school_id, name);

create table staff (
  school_id bigint not null references school (id),
  id text not null,
  account_id text,
  name text not null,
  phone_mac text,
  phone_sealed text,
  status text not null default 'active' check (status in ('active', 'left')),
  primary key (school_id, id)
);
create unique index staff_by_phone on staff (school_id, phone_mac);
create index staff_by_account on staff (school_id, account_id);

-- a class keeps its year of entry; the grade follows from the school year
create table home_class (
  school_id bigint not null references school (id),
  id text not null,
  stage text not null check (stage in ('primary', 'junior')),
  entered_year bigint not null,
  class_no bigint not null,
  closed_on text,
  primary key (school_id, id)
);
create unique index home_class_by_name on home_class (school_id, stage, entered_year, class_no);

create table class_stay (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  class_id text not null,
  from_on text not null,
  to_on text,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, class_id) references home_class (school_id, id)
);
create unique index class_stay_open on class_stay (school_id, student_id) where to_on is null;
create index class_stay_by_class on class_stay (school_id, class_id);
create index class_stay_by_student on class_stay (school_id, student_id);

create table homeroom (
  school_id bigint not null references school (id),
  class_id text not null,
  staff_id text not null,
  from_on text not null,
  to_on text,
  primary key (school_id, class_id, from_on),
  foreign key (school_id, class_id) references home_class (school_id, id),
  foreign key (school_id, staff_id) references staff (school_id, id)
);
create unique index homeroom_open on homeroom (school_id, class_id) where to_on is null;
create index homeroom_by_staff on homeroom (school_id, staff_id);

create table guardian (
  school_id bigint not null references school (id),
  id text not null,
  account_id text,
  name text not null,
  phone_mac text,
  phone_sealed text,
  primary key (school_id, id)
);
create unique index guardian_by_phone on guardian (school_id, phone_mac);
create index guardian_by_account on guardian (school_id, account_id);

create table guardianship (
  school_id bigint not null references school (id),
  guardian_id text not null,
  student_id text not null,
  relation text not null,
  from_on text not null,
  to_on text,
  primary key (school_id, guardian_id, student_id, from_on),
  foreign key (school_id, guardian_id) references guardian (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id)
);
create unique index guardianship_open on guardianship (school_id, guardian_id, student_id) where to_on is null;
create index guardianship_by_student on guardianship (school_id, student_id);

-- hardship and priority groups (B4): read by the reviewing roles alone
create table student_flag (
  school_id bigint not null references school (id),
  student_id text not null,
  kind text not null,
  noted_on text not null,
  noted_by text not null,
  primary key (school_id, student_id, kind),
  foreign key (school_id, student_id) references student (school_id, id)
);

-- an uploaded workbook between preview and confirmation; what it says is sealed and dropped afterwards
create table roster_import (
  school_id bigint not null references school (id),
  id text not null,
  file_name text not null,
  made_at bigint not null,
  made_by text not null,
  status text not null check (status in ('preview', 'done', 'dropped')),
  sealed text,
  done_at bigint,
  added bigint not null default 0,
  changed bigint not null default 0,
  departed bigint not null default 0,
  primary key (school_id, id)
);
create index roster_import_by_time on roster_import (school_id, made_at);
