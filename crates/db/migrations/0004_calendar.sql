-- A school's own calendar: terms, and days on which it differs from the country's.

-- held before a change of the calendar decides anything
create table calendar (
  school_id bigint not null references school (id),
  version bigint not null,
  primary key (school_id)
);

create table term (
  school_id bigint not null references school (id),
  id text not null,
  school_year bigint not null,
  name text not null,
  starts_on text not null,
  ends_on text not null,
  service_from text not null,
  status text not null default 'open' check (status in ('draft', 'open', 'closed')),
  primary key (school_id, id)
);
create index term_by_start on term (school_id, starts_on);

create table local_day (
  school_id bigint not null references school (id),
  day text not null,
  kind text not null check (kind in ('closure', 'pause', 'make_up', 'declared_school_day', 'declared_free')),
  follows_weekday bigint check (follows_weekday between 1 and 7),
  reason text not null,
  primary key (school_id, day)
);
