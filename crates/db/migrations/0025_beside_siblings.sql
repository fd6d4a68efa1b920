-- A round may put siblings into one offering after its draw, where a list says so and a seat is free; such a move stands
-- among those by hand with its cause.
alter table choice_round add column beside_siblings bigint not null default 0;
alter table wish_list add column beside_sibling bigint not null default 0;
alter table seat_move add column cause text not null default 'hand' check (cause in ('hand', 'siblings'));
