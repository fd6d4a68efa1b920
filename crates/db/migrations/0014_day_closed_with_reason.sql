-- A day that is over is closed with a reason where children have no ending (H9).

alter table closed_day add column without_ending bigint not null default 0;
alter table closed_day add column reason text not null default '';
