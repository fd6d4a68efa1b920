//! Writing a result: JSON, streamed seat by seat.

use std::io::{self, Write};

use kehou_domain::allocation::{
    Allocation, Channel, Closing, Cutoff, Fullest, Lots, Parted, Place, Scheme, Siblings, Standing, Titles,
    allocate, cheapest, fullest, o1,
};

use super::file::School;
use super::text::{Text, push_hex, push_number, push_offering};
use super::{Mode, Setting};

/// What was made of one school's market.
#[derive(Debug)]
pub struct Made<'a> {
    /// The school.
    pub school: &'a School,
    /// The tickets.
    pub lots: Lots,
    /// Which mechanism.
    pub mode: Mode,
    /// Whether titles repeat.
    pub titles: Titles,
    /// Who got what.
    pub allocation: Allocation,
    /// How full it is, where the mode is about that.
    pub filled: Option<Filled>,
}

/// How many seats are given, and how many could be if titles repeated and every offering opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// Given.
    pub seats: usize,
    /// What the flow allows.
    pub at_most: usize,
}

impl<'a> Made<'a> {
    /// Draws and allocates.
    pub fn of(school: &'a School, setting: &Setting) -> Made<'a> {
        let lots = Lots::draw(&school.market, &setting.seed, setting.tickets);
        let (market, rules, mode) = (&school.market, setting.rules, setting.mode);
        let (allocation, filled) = match mode {
            Mode::Deferred => (allocate(market, &lots, rules), None),
            Mode::Cheapest => (Allocation::of(market, &lots, rules.titles, cheapest(market), &[]), None),
            Mode::MostSeats => {
                let Fullest { allocation, seats, at_most } = fullest(market, &lots, rules);
                (allocation, Some(Filled { seats, at_most }))
            }
        };
        Made { school, lots, mode, titles: rules.titles, allocation, filled }
    }

    /// The objective.
    pub fn o1(&self) -> u64 {
        o1(&self.school.market, self.allocation.has())
    }
}

/// A result that is being written. Seats go out as they come; the shorter lists wait for the end.
pub struct ResultFile<'to> {
    text: Text<'to>,
    several: bool,
    is_first: bool,
    closed: Vec<u8>,
    cutoffs: Vec<u8>,
    unsettled: Vec<u8>,
    o1: u64,
}

impl<'to> ResultFile<'to> {
    /// Begins a result for so many schools.
    pub fn begin(to: &'to mut dyn Write, setting: &Setting, schools: usize) -> ResultFile<'to> {
        let mut text = Text::into(to);
        push_setting(text.gathered(), setting);
        ResultFile {
            text,
            several: 1 < schools,
            is_first: true,
            closed: Vec::new(),
            cutoffs: Vec::new(),
            unsettled: Vec::new(),
            o1: 0,
        }
    }

    /// Adds a school.
    pub fn add(&mut self, made: &Made<'_>) -> io::Result<()> {
        let school = self.several.then_some(made.school.number);
        self.add_seats(school, made)?;
        self.add_closed(school, &made.allocation);
        self.add_cutoffs(school, &made.allocation);
        self.o1 += made.o1();
        Ok(())
    }

    /// Writes the rest; the objective over all schools.
    pub fn finish(mut self) -> io::Result<u64> {
        let text = self.text.gathered();
        push_list(text, "\n],\n\"closed\":[", &self.closed);
        push_list(text, "],\n\"cutoffs\":[", &self.cutoffs);
        if !self.unsettled.is_empty() {
            push_list(text, "],\n\"unsettled\":[", &self.unsettled);
        }
        text.extend_from_slice(b"],\n\"objective\":{\"o1\":");
        push_number(text, self.o1);
        text.extend_from_slice(b"}}\n");
        self.text.finish()?;
        Ok(self.o1)
    }

    fn add_seats(&mut self, school: Option<u32>, made: &Made<'_>) -> io::Result<()> {
        let (market, has) = (&made.school.market, made.allocation.has());
        let mut unsettled = made.allocation.unsettled().iter().map(|wish| *wish as usize).peekable();
        for (at, applicant) in market.applicants().iter().enumerate() {
            for wish in market.wishes_of(at) {
                let offering = market.wishes()[wish].offering;
                if has[wish] {
                    let text = self.text.gathered();
                    text.extend_from_slice(if self.is_first { b"\n" } else { b",\n" });
                    self.is_first = false;
                    push_seat(text, applicant.number, school, offering);
                } else if unsettled.next_if_eq(&wish).is_some() {
                    separate(&mut self.unsettled);
                    push_seat(&mut self.unsettled, applicant.number, school, offering);
                }
            }
            self.text.flow()?;
        }
        Ok(())
    }

    fn add_closed(&mut self, school: Option<u32>, allocation: &Allocation) {
        for closed in allocation.closed() {
            separate(&mut self.closed);
            push_named(&mut self.closed, school, closed.offering);
            self.closed.extend_from_slice(b",\"wishes\":");
            push_number(&mut self.closed, u64::from(closed.children));
            self.closed.extend_from_slice(b",\"minimum\":");
            push_number(&mut self.closed, u64::from(closed.minimum));
            self.closed.push(b'}');
        }
    }

    fn add_cutoffs(&mut self, school: Option<u32>, allocation: &Allocation) {
        for (offering, standing) in (0..).zip(allocation.standings()) {
            if standing.cutoff != Cutoff::Closed {
                separate(&mut self.cutoffs);
                push_named(&mut self.cutoffs, school, offering);
                push_standing(&mut self.cutoffs, standing);
            }
        }
    }
}

/// The rest of an offering's entry: how many were admitted, and whom it takes.
fn push_standing(text: &mut Vec<u8>, standing: &Standing) {
    text.extend_from_slice(b",\"admitted\":");
    push_number(text, u64::from(standing.admitted));
    text.push(b',');
    match standing.cutoff {
        Cutoff::Free | Cutoff::NoSeats | Cutoff::Closed => push_last(text, None),
        Cutoff::Last(last) => push_last(text, Some(last)),
        Cutoff::Parted(lasts) => push_lasts(text, lasts),
    }
    text.push(b'}');
}

fn push_lasts(text: &mut Vec<u8>, lasts: Parted) {
    push_last(text, lasts.others);
    if let Some(last) = lasts.priority {
        text.extend_from_slice(b",\"kept_for_priority\":{");
        push_last(text, Some(last));
        text.push(b'}');
    }
    if let Some((channel, last)) = lasts.office {
        text.extend_from_slice(b",\"kept_for_office\":{\"by\":\"");
        text.extend_from_slice(channel_word(channel).as_bytes());
        text.extend_from_slice(b"\",");
        push_last(text, Some(last));
        text.push(b'}');
    }
}

fn push_last(text: &mut Vec<u8>, last: Option<Place>) {
    let Some(last) = last else { return text.extend_from_slice(b"\"tier\":null,\"ticket\":null") };
    text.extend_from_slice(b"\"tier\":");
    push_number(text, u64::from(last.tier));
    text.extend_from_slice(b",\"ticket\":\"");
    push_hex(text, &last.ticket.to_be_bytes());
    text.push(b'"');
    if !last.is_new {
        text.extend_from_slice(b",\"goes_on\":true");
    }
}

pub(super) const fn channel_word(channel: Channel) -> &'static str {
    match channel {
        Channel::Office => "office",
        Channel::Family => "family",
    }
}

fn push_setting(text: &mut Vec<u8>, setting: &Setting) {
    text.extend_from_slice(b"{\"mode\":\"");
    text.extend_from_slice(setting.mode.word().as_bytes());
    text.extend_from_slice(b"\",\"seed\":\"");
    push_hex(text, setting.seed.bytes());
    for (key, word) in [
        ("\",\n\"rules\":{\"tickets\":\"", scheme_word(setting.tickets.scheme)),
        ("\",\"closing\":\"", closing_word(setting.rules.closing)),
        ("\",\"titles\":\"", titles_word(setting.rules.titles)),
    ] {
        text.extend_from_slice(key.as_bytes());
        text.extend_from_slice(word.as_bytes());
    }
    if setting.tickets.siblings == Siblings::Together {
        text.extend_from_slice(b"\",\"siblings\":\"");
        text.extend_from_slice(siblings_word(setting.tickets.siblings).as_bytes());
    }
    text.extend_from_slice(b"\"},\n\"assigned\":[");
}

pub(super) const fn scheme_word(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::PerDay => "perday",
        Scheme::One => "one",
    }
}

pub(super) const fn siblings_word(siblings: Siblings) -> &'static str {
    match siblings {
        Siblings::Apart => "apart",
        Siblings::Together => "together",
    }
}

pub(super) const fn closing_word(closing: Closing) -> &'static str {
    match closing {
        Closing::Never => "never",
        Closing::ForGood => "for_good",
        Closing::Reopening => "reopening",
    }
}

pub(super) const fn titles_word(titles: Titles) -> &'static str {
    match titles {
        Titles::Once => "once",
        Titles::Repeat => "repeat",
    }
}

fn push_list(text: &mut Vec<u8>, before: &str, list: &[u8]) {
    text.extend_from_slice(before.as_bytes());
    text.extend_from_slice(list);
}

/// Each entry of a list on a line of its own.
fn separate(list: &mut Vec<u8>) {
    if !list.is_empty() {
        list.push(b',');
    }
    list.push(b'\n');
}

fn push_seat(text: &mut Vec<u8>, student: u64, school: Option<u32>, offering: u32) {
    text.extend_from_slice(b"{\"student\":");
    push_number(text, student);
    text.extend_from_slice(b",\"offering\":\"");
    push_offering(text, school, offering);
    text.extend_from_slice(b"\"}");
}

/// Begins an entry about an offering.
fn push_named(text: &mut Vec<u8>, school: Option<u32>, offering: u32) {
    text.extend_from_slice(b"{\"offering\":\"");
    push_offering(text, school, offering);
    text.push(b'"');
}
