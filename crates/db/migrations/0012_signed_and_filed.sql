-- What a form on paper is: it asks for the service, or it is the agreement of an application that waits for one.
alter table paper_record add column kind text not null default 'application'
  check (kind in ('application', 'agreement'));

-- places on a filed list that came from no application: they were taken over from paper
create table filing_place (
  school_id bigint not null references school (id),
  filing_id text not null,
  enrolment_id text not null,
  primary key (school_id, filing_id, enrolment_id),
  foreign key (school_id, filing_id) references filing (school_id, id),
  foreign key (school_id, enrolment_id) references enrolment (school_id, id)
);
create index filing_place_by_place on filing_place (school_id, enrolment_id);
