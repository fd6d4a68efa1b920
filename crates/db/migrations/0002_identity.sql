-- One-time codes, the second factor and the log of sign-ins. All global: people sign in once for all schools.

-- At most one open code for an account: a slip's first code, or one that the office made anew.
create table first_code (
  account_id text not null primary key references account (id),
  code_hash text not null,
  made_at bigint not null,
  expires_at bigint not null,
  failed_count bigint not null default 0,
  used_at bigint
);

-- A second factor that was shown to its owner and not yet confirmed.
create table totp_pending (
  account_id text not null primary key references account (id),
  secret_sealed text not null,
  made_at bigint not null
);

create table recovery_code (
  account_id text not null references account (id),
  code_hash text not null,
  used_at bigint,
  primary key (account_id, code_hash)
);

create table identity_event (
  id text not null primary key,
  at bigint not null,
  account_id text,
  kind text not null,
  device text not null,
  request text not null
);
create index identity_event_by_account on identity_event (account_id, id);
