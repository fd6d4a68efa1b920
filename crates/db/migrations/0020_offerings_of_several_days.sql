-- An offering of a round may meet on several days; a child has all of them or none. `weekday` is the first, the day of
-- its list; the others stand here as digits, Monday first.
alter table round_offering add column also_on text not null default '';
