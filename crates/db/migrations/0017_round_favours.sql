-- Whom a round favours besides priority groups: siblings, children who go on, seats kept for some first (B4, F11).

alter table choice_round add column siblings text not null default 'apart';
alter table choice_round add column goes_on bigint not null default 0;
alter table choice_round add column priority_percent bigint;
alter table choice_round add column office_seats bigint not null default 0;
