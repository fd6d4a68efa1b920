-- Who stands behind a person whom a guardian agreed to on the telephone: the stop that was settled so (H1, H3).

alter table pickup_delegate add column stop_id text;
