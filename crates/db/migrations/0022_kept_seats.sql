-- First come: seats that no family takes itself while the round is open; the school takes them for families who cannot
-- (F11). `kept` is how many there are of them, `entered` how many of the taken ones the school took.
alter table round_offering add column kept bigint not null default 0;
alter table round_offering add column entered bigint not null default 0;
-- whether the school took the seat, or stands in the line, for a family that cannot
alter table seat add column entered bigint not null default 0;
alter table seat_line add column entered bigint not null default 0;
