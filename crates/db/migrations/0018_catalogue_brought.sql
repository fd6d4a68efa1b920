-- Offerings brought into a term: copied from the term before, or read from a workbook.

-- the offering of an earlier term that this one was copied from
alter table offering add column copied_from text;

-- an uploaded workbook between preview and confirmation; what it says is sealed and dropped afterwards
create table offering_import (
  school_id bigint not null references school (id),
  id text not null,
  term_id text not null,
  file_name text not null,
  made_at bigint not null,
  made_by text not null,
  status text not null check (status in ('preview', 'done', 'dropped')),
  sealed text,
  done_at bigint,
  added bigint not null default 0,
  left_out bigint not null default 0,
  primary key (school_id, id),
  foreign key (school_id, term_id) references term (school_id, id)
);
create index offering_import_by_account on offering_import (school_id, made_by, status);
