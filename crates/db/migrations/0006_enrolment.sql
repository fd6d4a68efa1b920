-- Enrolment: letters and their receipts, survey, application and its chain, agreement, consent, paper,
-- the place in the service, its end, and the list filed with the bureau.

-- held before a new version of clauses or of the privacy notice is numbered, or a list is filed
create table enrolment_desk (
  school_id bigint not null references school (id),
  version bigint not null,
  primary key (school_id)
);

create table notice (
  school_id bigint not null references school (id),
  id text not null,
  kind text not null check (kind in ('letter', 'notice')),
  title text not null,
  opening text not null,
  closing text not null,
  status text not null check (status in ('draft', 'published', 'withdrawn')),
  made_at bigint not null,
  made_by text not null,
  published_at bigint,
  published_by text,
  version bigint not null default 0,
  primary key (school_id, id)
);
create index notice_by_time on notice (school_id, published_at);

-- the items of M1 and the risk notice of M4, each with its own words
create table notice_item (
  school_id bigint not null references school (id),
  notice_id text not null,
  item text not null,
  told text not null,
  primary key (school_id, notice_id, item),
  foreign key (school_id, notice_id) references notice (school_id, id)
);

create table notice_receipt (
  school_id bigint not null references school (id),
  notice_id text not null,
  guardian_id text not null,
  read_at bigint not null,
  primary key (school_id, notice_id, guardian_id),
  foreign key (school_id, notice_id) references notice (school_id, id),
  foreign key (school_id, guardian_id) references guardian (school_id, id)
);

create table sign_up (
  school_id bigint not null references school (id),
  id text not null,
  term_id text not null,
  notice_id text not null,
  survey_opens_on text not null,
  survey_closes_on text not null,
  opens_on text not null,
  closes_on text,
  review_days bigint not null check (review_days between 1 and 60),
  version bigint not null default 0,
  primary key (school_id, id),
  foreign key (school_id, term_id) references term (school_id, id),
  foreign key (school_id, notice_id) references notice (school_id, id)
);
create unique index sign_up_by_term on sign_up (school_id, term_id);

create table intention (
  school_id bigint not null references school (id),
  sign_up_id text not null,
  student_id text not null,
  guardian_id text not null,
  wish text not null check (wish in ('yes', 'no', 'unsure')),
  weekdays text not null,
  remark text not null,
  answered_at bigint not null,
  primary key (school_id, sign_up_id, student_id),
  foreign key (school_id, sign_up_id) references sign_up (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, guardian_id) references guardian (school_id, id)
);

-- one row for a child and term; each handing in is a round
create table application (
  school_id bigint not null references school (id),
  id text not null,
  term_id text not null,
  student_id text not null,
  guardian_id text not null,
  plan_version_id text not null,
  round bigint not null,
  status text not null check (status in ('waiting', 'returned', 'refused', 'withdrawn', 'enrolled')),
  step bigint not null,
  step_since text not null,
  need text,
  remark text not null,
  source text not null check (source in ('own_act', 'paper')),
  account_id text not null,
  handed_in_at bigint not null,
  version bigint not null default 0,
  primary key (school_id, id),
  foreign key (school_id, term_id) references term (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, guardian_id) references guardian (school_id, id)
);
create unique index application_by_child on application (school_id, term_id, student_id);
create index application_by_status on application (school_id, term_id, status);

create table application_choice (
  school_id bigint not null references school (id),
  application_id text not null,
  round bigint not null,
  slot_id text not null,
  weekday bigint not null check (weekday between 1 and 7),
  primary key (school_id, application_id, round, slot_id, weekday),
  foreign key (school_id, application_id) references application (school_id, id)
);

create table application_decision (
  school_id bigint not null references school (id),
  application_id text not null,
  round bigint not null,
  step bigint not null,
  kind text not null check (kind in ('review', 'publication', 'filing', 'agreement')),
  verdict text not null check (verdict in ('passed', 'returned', 'refused')),
  ground text,
  note text not null,
  need_seen bigint not null check (need_seen in (0, 1)),
  role text not null,
  account_id text not null,
  decided_at bigint not null,
  primary key (school_id, application_id, round, step),
  foreign key (school_id, application_id) references application (school_id, id)
);

create table class_publication (
  school_id bigint not null references school (id),
  id text not null,
  term_id text not null,
  class_id text not null,
  opens_on text not null,
  days bigint not null check (days between 1 and 60),
  published_by text not null,
  published_at bigint not null,
  primary key (school_id, id),
  foreign key (school_id, term_id) references term (school_id, id),
  foreign key (school_id, class_id) references home_class (school_id, id)
);
create index class_publication_by_term on class_publication (school_id, term_id, opens_on);

create table class_publication_name (
  school_id bigint not null references school (id),
  publication_id text not null,
  application_id text not null,
  round bigint not null,
  primary key (school_id, publication_id, application_id),
  foreign key (school_id, publication_id) references class_publication (school_id, id),
  foreign key (school_id, application_id) references application (school_id, id)
);
create index class_publication_name_by_application on class_publication_name (school_id, application_id);

create table clause_set (
  school_id bigint not null references school (id),
  id text not null,
  kind text not null check (kind in ('service_agreement', 'safety_pledge')),
  number bigint not null,
  title text not null,
  preamble text not null,
  status text not null check (status in ('draft', 'in_use', 'retired')),
  made_at bigint not null,
  made_by text not null,
  in_use_at bigint,
  primary key (school_id, id)
);
create unique index clause_set_by_number on clause_set (school_id, kind, number);
create unique index clause_set_in_use on clause_set (school_id, kind) where status = 'in_use';

create table clause (
  school_id bigint not null references school (id),
  clause_set_id text not null,
  number bigint not null,
  head text not null,
  wording text not null,
  side text not null check (side in ('school', 'family', 'both')),
  primary key (school_id, clause_set_id, number),
  foreign key (school_id, clause_set_id) references clause_set (school_id, id)
);

-- the text is kept as it was signed, beside its hash
create table agreement (
  school_id bigint not null references school (id),
  id text not null,
  application_id text not null,
  round bigint not null,
  student_id text not null,
  clause_set_id text not null,
  guardian_id text not null,
  signed_text text not null,
  text_hash text not null,
  mark text not null check (mark in ('drawn', 'typed', 'paper')),
  path text not null,
  signer text not null,
  account_id text not null,
  signed_at bigint not null,
  seal text not null,
  primary key (school_id, id),
  foreign key (school_id, application_id) references application (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, clause_set_id) references clause_set (school_id, id),
  foreign key (school_id, guardian_id) references guardian (school_id, id)
);
create unique index agreement_by_set on agreement (school_id, application_id, round, clause_set_id);

-- a form on paper: entered by one person, confirmed by another; no picture is stored
create table paper_record (
  school_id bigint not null references school (id),
  id text not null,
  term_id text not null,
  student_id text not null,
  guardian_id text not null,
  choices text not null,
  need text,
  remark text not null,
  covers_agreement bigint not null check (covers_agreement in (0, 1)),
  signed_on text not null,
  place text not null,
  status text not null check (status in ('entered', 'confirmed', 'rejected')),
  entered_by text not null,
  entered_at bigint not null,
  settled_by text,
  settled_at bigint,
  application_id text,
  version bigint not null default 0,
  primary key (school_id, id),
  foreign key (school_id, term_id) references term (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, guardian_id) references guardian (school_id, id),
  foreign key (school_id, application_id) references application (school_id, id)
);
create index paper_record_by_status on paper_record (school_id, status, entered_at);

create table privacy_notice (
  school_id bigint not null references school (id),
  id text not null,
  number bigint not null,
  officer text not null,
  officer_phone text not null,
  place text not null,
  keep_months bigint not null check (keep_months between 1 and 240),
  afterwards text not null,
  asks_again bigint not null check (asks_again in (0, 1)),
  published_at bigint not null,
  published_by text not null,
  primary key (school_id, id)
);
create unique index privacy_notice_by_number on privacy_notice (school_id, number);

-- answers are added, never changed: the latest one of a child and purpose holds
create table data_consent (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  guardian_id text not null,
  purpose text not null,
  given bigint not null check (given in (0, 1)),
  notice_number bigint not null,
  account_id text not null,
  answered_at bigint not null,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, guardian_id) references guardian (school_id, id)
);
create index data_consent_by_child on data_consent (school_id, student_id, purpose, answered_at);

create table enrolment (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  term_id text not null,
  from_on text not null,
  to_on text,
  application_id text,
  will text not null check (will in ('own_act', 'paper')),
  made_at bigint not null,
  version bigint not null default 0,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, term_id) references term (school_id, id),
  foreign key (school_id, application_id) references application (school_id, id)
);
create index enrolment_by_child on enrolment (school_id, student_id, from_on);
create index enrolment_by_term on enrolment (school_id, term_id, from_on);

create table enrolment_slot (
  school_id bigint not null references school (id),
  enrolment_id text not null,
  slot_id text not null,
  weekday bigint not null check (weekday between 1 and 7),
  primary key (school_id, enrolment_id, slot_id, weekday),
  foreign key (school_id, enrolment_id) references enrolment (school_id, id)
);
create index enrolment_slot_by_slot on enrolment_slot (school_id, slot_id, weekday);

-- how a place or an application ended before its time
create table withdrawal (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  application_id text,
  enrolment_id text,
  side text not null check (side in ('family', 'school')),
  reason text not null,
  last_day text not null,
  account_id text not null,
  said_at bigint not null,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, application_id) references application (school_id, id),
  foreign key (school_id, enrolment_id) references enrolment (school_id, id)
);
create index withdrawal_by_time on withdrawal (school_id, said_at);
create index withdrawal_by_child on withdrawal (school_id, student_id);

create table filing (
  school_id bigint not null references school (id),
  id text not null,
  term_id text not null,
  number bigint not null,
  filed_at bigint not null,
  filed_by text not null,
  received_at bigint,
  received_by text,
  primary key (school_id, id),
  foreign key (school_id, term_id) references term (school_id, id)
);
create unique index filing_by_number on filing (school_id, term_id, number);

create table filing_entry (
  school_id bigint not null references school (id),
  filing_id text not null,
  application_id text not null,
  primary key (school_id, filing_id, application_id),
  foreign key (school_id, filing_id) references filing (school_id, id),
  foreign key (school_id, application_id) references application (school_id, id)
);

create table correction_request (
  school_id bigint not null references school (id),
  id text not null,
  student_id text not null,
  guardian_id text not null,
  what text not null,
  asked_at bigint not null,
  status text not null check (status in ('open', 'done', 'declined')),
  answer text not null,
  answered_by text,
  answered_at bigint,
  primary key (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id),
  foreign key (school_id, guardian_id) references guardian (school_id, id)
);
create index correction_request_by_status on correction_request (school_id, status, asked_at);
