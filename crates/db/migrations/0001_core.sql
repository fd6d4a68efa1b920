-- The directory of schools, the people who sign in, and what every change leaves behind.
-- Tables with a column school_id belong to a school; the others are global and few.

create table school (
  id bigint not null primary key,
  code text not null unique,
  name text not null,
  stage text not null,
  created_at bigint not null
);

create table account (
  id text not null primary key,
  phone_mac text unique,
  phone_sealed text,
  name text not null,
  password_hash text,
  totp_sealed text,
  totp_last_step bigint,
  failed_count bigint not null default 0,
  locked_until bigint,
  disabled_at bigint,
  language text not null default 'zh',
  theme text not null default 'system',
  elder bigint not null default 0,
  created_at bigint not null
);

create table membership (
  account_id text not null references account (id),
  school bigint not null references school (id),
  role text not null,
  person_id text,
  admitted_at bigint not null,
  ended_at bigint,
  primary key (account_id, school, role)
);
create index membership_by_school on membership (school, role);

create table signin (
  token_hash text not null primary key,
  account_id text not null references account (id),
  seat_school bigint,
  seat_role text,
  device text not null,
  shared bigint not null default 0,
  signed_in_at bigint not null,
  second_factor_at bigint,
  last_seen_at bigint not null,
  expires_at bigint not null,
  ended_at bigint
);
create index signin_by_account on signin (account_id);

create table idem (
  school_id bigint not null references school (id),
  account_id text not null,
  key text not null,
  request_hash text not null,
  answer text not null,
  created_at bigint not null,
  primary key (school_id, account_id, key)
);
create index idem_by_age on idem (school_id, created_at);

create table person_key (
  school_id bigint not null references school (id),
  person_id text not null,
  key_sealed text not null,
  primary key (school_id, person_id)
);

create table event (
  school_id bigint not null references school (id),
  id text not null,
  at bigint not null,
  account_id text not null,
  role text not null,
  action text not null,
  subject text not null,
  facts text not null,
  person_id text,
  personal_sealed text,
  hash text not null,
  seq bigint,
  chain text,
  primary key (school_id, id)
);
create unique index event_by_seq on event (school_id, seq);
create index event_by_subject on event (school_id, subject);
create index event_unsealed on event (school_id, id) where seq is null;

create table message (
  school_id bigint not null references school (id),
  id text not null,
  account_id text not null,
  kind text not null,
  facts text not null,
  created_at bigint not null,
  delivered_at bigint,
  read_at bigint,
  primary key (school_id, id)
);
create index message_by_account on message (school_id, account_id, id);
create index message_undelivered on message (school_id, id) where delivered_at is null;
