-- Which grades a grade head answers for (G1): the school names them; without one nobody is in sight.

create table grade_head (
  school_id bigint not null references school (id),
  staff_id text not null,
  grade bigint not null check (1 <= grade and grade <= 9),
  primary key (school_id, staff_id, grade),
  foreign key (school_id, staff_id) references staff (school_id, id)
);
