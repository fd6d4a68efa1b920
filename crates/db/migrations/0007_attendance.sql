-- Groups, sessions, the custody ledger, leave, missing children, early leave, care log.

-- 教学班: the children who are cared for together in one slot of a term
create table teaching_group (
  school_id bigint not null references school (id),
  id text not null,
  term_id text not null,
  slot_id text not null,
  slot_name text not null default '',
  name text not null,
  class_id text,
  venue text not null,
  teacher_id text,
  closed_on text,
  version bigint not null,
  primary key (school_id, id),
  foreign key (school_id, term_id) references term (school_id, id),
  foreign key (school_id, class_id) references home_class (school_id, id),
  foreign key (school_id, teacher_id) references staff (school_id, id)
);
create unique index teaching_group_of_class on teaching_group (school_id, term_id, slot_id, class_id);

create table group_member (
  school_id bigint not null references school (id),
  group_id text not null,
  student_id text not null,
  from_on text not null,
  to_on text,
  primary key (school_id, group_id, student_id, from_on),
  foreign key (school_id, group_id) references teaching_group (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id)
);
create index group_member_student on group_member (school_id, student_id);

-- one row a day: held while the day's sessions are made
create table attendance_day (
  school_id bigint not null references school (id),
  day text not null,
  prepared_at bigint not null,
  version bigint not null,
  primary key (school_id, day)
);

-- one group's meeting in one slot of one day; status: planned, called, confirmed, cancelled
create table session (
  school_id bigint not null references school (id),
  id text not null,
  group_id text not null,
  slot_id text not null,
  slot_name text not null default '',
  held_on text not null,
  starts_at bigint not null,
  ends_at bigint not null,
  teacher_id text,
  venue text not null,
  status text not null,
  called_at bigint,
  head_count bigint,
  counted_at bigint,
  counted_by text,
  version bigint not null,
  primary key (school_id, id),
  foreign key (school_id, group_id) references teaching_group (school_id, id),
  foreign key (school_id, teacher_id) references staff (school_id, id)
);
create unique index session_of_group on session (school_id, held_on, group_id, slot_id);

-- 托管台账: only ever added to
create table custody_fact (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  day text not null,
  session_id text,
  kind text not null,
  at bigint not null,
  arrived_at bigint not null,
  device text not null,
  account_id text not null,
  role text not null,
  corrects text,
  facts text not null,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, session_id) references session (school_id, id)
);
create index custody_fact_day on custody_fact (school_id, day, student_id);
create index custody_fact_expected on custody_fact (school_id, session_id, student_id) where kind = 'expected';

-- 请假: filed before the cut-off, taken back or not; one slot of the days or all
create table leave_request (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  from_on text not null,
  to_on text not null,
  slot_id text,
  kind text not null,
  reason text not null,
  status text not null,
  filed_at bigint not null,
  filed_by text not null,
  filed_as text not null,
  ended_at bigint,
  version bigint not null,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id)
);
create index leave_request_student on leave_request (school_id, student_id, from_on);
create index leave_request_days on leave_request (school_id, to_on, from_on);

-- a child who is being looked for; outcome: in_school, with_family, came, mistaken
create table absence_case (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  day text not null,
  session_id text not null,
  opened_at bigint not null,
  opened_by text not null,
  status text not null,
  outcome text,
  closed_at bigint,
  closed_by text,
  version bigint not null,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, session_id) references session (school_id, id)
);
create unique index absence_case_session on absence_case (school_id, session_id, student_id);
create index absence_case_day on absence_case (school_id, day, status);

create table contact_attempt (
  school_id bigint not null references school (id),
  id text not null,
  case_id text not null,
  at bigint not null,
  account_id text not null,
  role text not null,
  guardian_id text,
  answer text not null,
  said text not null,
  primary key (school_id, id),
  foreign key (school_id, case_id) references absence_case (school_id, id),
  foreign key (school_id, guardian_id) references guardian (school_id, id)
);
create index contact_attempt_case on contact_attempt (school_id, case_id, at);

-- 提前离校: status: reported, passed_on, approved, refused, left
create table early_leave (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  day text not null,
  session_id text not null,
  reason text not null,
  status text not null,
  reported_at bigint not null,
  reported_by text not null,
  passed_at bigint,
  passed_by text,
  decided_at bigint,
  decided_by text,
  left_at bigint,
  left_by text,
  version bigint not null,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, session_id) references session (school_id, id)
);
create index early_leave_day on early_leave (school_id, day, status);

-- 看护记录: what happened in a session, entry by entry
create table care_log (
  school_id bigint not null references school (id),
  id text not null,
  session_id text not null,
  at bigint not null,
  account_id text not null,
  role text not null,
  happened text not null,
  head_count bigint,
  primary key (school_id, id),
  foreign key (school_id, session_id) references session (school_id, id)
);
create index care_log_session on care_log (school_id, session_id, at);

-- 月汇总存档: a closed month, as it was handed to the academic office, with its hash
create table attendance_month (
  school_id bigint not null references school (id),
  month text not null,
  closed_at bigint not null,
  closed_by text not null,
  sheet text not null,
  hash text not null,
  primary key (school_id, month)
);
