-- The versions of a school's plan: the text of a file, and the steps from draft to in force.

-- held before a change of the plan decides anything
create table plan (
  school_id bigint not null references school (id),
  version bigint not null,
  primary key (school_id)
);

create table plan_version (
  school_id bigint not null references school (id),
  id text not null,
  number bigint not null,
  text text not null,
  -- SHA-256 of the text: a plan read once is not read again
  digest text not null,
  status text not null check (status in ('draft', 'checked', 'approved', 'filed')),
  in_force_from text,
  filing_ref text,
  made_by text not null,
  made_at bigint not null,
  checked_by text,
  checked_at bigint,
  approved_by text,
  approved_at bigint,
  filed_by text,
  filed_at bigint,
  version bigint not null default 0,
  primary key (school_id, id)
);
create unique index plan_version_by_number on plan_version (school_id, number);
create unique index plan_version_by_day on plan_version (school_id, in_force_from);
