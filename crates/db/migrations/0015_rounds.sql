-- Rounds of choosing: what was announced, what families wished, who has which seat.

create table choice_round (
  school_id bigint not null references school (id),
  id text not null,
  term_id text not null,
  slot_id text not null,
  name text not null,
  way text not null check (way in ('ranked', 'first_come')),
  method text not null check (method in ('da', 'most-seats')),
  scheme text not null check (scheme in ('perday', 'one')),
  closing text not null check (closing in ('never', 'for_good', 'reopening')),
  titles text not null check (titles in ('once', 'repeat')),
  weekly_limit bigint not null check (weekly_limit between 1 and 5),
  hold_minutes bigint not null check (0 < hold_minutes),
  opens_at bigint not null,
  closes_at bigint not null,
  beacon text not null,
  -- made known when the round is announced: the hash of the secret, which stays sealed until the draw
  commitment text,
  secret text,
  announced_at bigint,
  -- made known when the window is over: over how many applications, and which
  root text,
  applications bigint,
  sealed_at bigint,
  -- made known by the draw
  revealed_at bigint,
  beacon_value text,
  seed text,
  drawn_at bigint,
  published_at bigint,
  called_off_at bigint,
  called_off_why text,
  -- when the first wishes were last counted
  counted_at bigint,
  made_by text not null,
  made_at bigint not null,
  version bigint not null,
  primary key (school_id, id),
  foreign key (school_id, term_id) references term (school_id, id)
);
create index choice_round_by_term on choice_round (school_id, term_id, slot_id);
-- each commitment serves one draw
create unique index choice_round_commitment on choice_round (school_id, commitment);

-- what is offered in a round, as it stood when the round was announced
create table round_offering (
  school_id bigint not null references school (id),
  round_id text not null,
  place bigint not null,
  offering_id text not null,
  weekday bigint not null check (weekday between 1 and 5),
  capacity bigint not null check (0 <= capacity),
  minimum bigint not null check (0 <= minimum),
  -- seats that are held, confirmed or offered to somebody in line
  taken bigint not null check (0 <= taken and taken <= capacity),
  -- counted now and then while families choose
  first_wishes bigint not null,
  wishes bigint not null,
  -- what the draw made of it: how many have a seat, whom it takes, and where it does not open, in which order and how
  -- many would come
  admitted bigint,
  cutoff text,
  closed_as bigint,
  would_come bigint,
  primary key (school_id, round_id, place),
  unique (school_id, round_id, offering_id),
  foreign key (school_id, round_id) references choice_round (school_id, id),
  foreign key (school_id, offering_id) references offering (school_id, id)
);

-- a child's wishes: one row, the five weekdays as a market file writes them
create table wish_list (
  school_id bigint not null references school (id),
  round_id text not null,
  student_id text not null,
  -- the random number of the receipt; it says nothing of the child
  number bigint not null,
  salt text not null,
  weekly_limit bigint not null check (weekly_limit between 1 and 5),
  wishes text not null,
  channel text not null check (channel in ('family', 'office')),
  -- set by the seal: the line of the market file, and the way from it to the root
  sealed_line text,
  proof text,
  -- set by the draw: why each wish ended as it did
  answers text,
  written_by text not null,
  written_at bigint not null,
  version bigint not null,
  primary key (school_id, round_id, student_id),
  unique (school_id, round_id, number),
  foreign key (school_id, round_id) references choice_round (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id)
);

-- the market as it was sealed and the result as it was drawn, for whoever recomputes them
create table round_record (
  school_id bigint not null references school (id),
  round_id text not null,
  market text not null,
  result text,
  primary key (school_id, round_id),
  foreign key (school_id, round_id) references choice_round (school_id, id)
);

-- first come: whoever claims is held by this row, so that two devices wait for one another
create table claimant (
  school_id bigint not null references school (id),
  round_id text not null,
  student_id text not null,
  version bigint not null,
  primary key (school_id, round_id, student_id),
  foreign key (school_id, round_id) references choice_round (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id)
);

-- a seat of a child; one a weekday
create table seat (
  school_id bigint not null references school (id),
  term_id text not null,
  slot_id text not null,
  student_id text not null,
  weekday bigint not null check (weekday between 1 and 5),
  round_id text not null,
  offering_id text not null,
  how text not null check (how in ('draw', 'claim', 'office')),
  -- nothing when it is confirmed
  held_until bigint,
  locked bigint not null check (locked in (0, 1)),
  since_at bigint not null,
  primary key (school_id, term_id, slot_id, student_id, weekday),
  foreign key (school_id, round_id) references choice_round (school_id, id),
  foreign key (school_id, offering_id) references offering (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id)
);
create index seat_by_offering on seat (school_id, offering_id);
create index seat_by_round on seat (school_id, round_id);

-- who waits for a seat, in the order of arrival
create table seat_line (
  school_id bigint not null references school (id),
  round_id text not null,
  offering_id text not null,
  student_id text not null,
  asked_at bigint not null,
  id text not null,
  -- a seat is kept for the child until then; nothing while it waits
  offered_until bigint,
  primary key (school_id, round_id, offering_id, student_id),
  foreign key (school_id, round_id) references choice_round (school_id, id),
  foreign key (school_id, offering_id) references offering (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id)
);
create index seat_line_by_offering on seat_line (school_id, round_id, offering_id, id);

-- every change by hand; only ever added to
create table seat_move (
  school_id bigint not null references school (id),
  id text not null,
  round_id text not null,
  student_id text not null,
  weekday bigint not null check (weekday between 1 and 5),
  from_offering text,
  to_offering text,
  reason text not null,
  -- the move that this one takes back
  takes_back text,
  moved_by text not null,
  moved_at bigint not null,
  primary key (school_id, id),
  foreign key (school_id, round_id) references choice_round (school_id, id),
  foreign key (school_id, student_id) references student (school_id, id)
);
create index seat_move_by_round on seat_move (school_id, round_id, id);
