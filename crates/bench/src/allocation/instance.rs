//! Invented markets and schools, the same on every machine.

use std::fmt::Write as _;

/// Children of a school.
const CHILDREN: u64 = 2_000;
/// Titles of a school.
const TITLES: u64 = 60;
const DAYS: usize = 5;
/// The longest list for a day.
const LONGEST: u64 = 5;

/// SplitMix64: numbers that look random and are not.
struct Numbers(u64);

impl Numbers {
    /// The numbers of one school.
    fn of(school: u64) -> Numbers {
        Numbers(school.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x6b65_686f_7500_0001)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `least` to `most`.
    fn within(&mut self, least: u64, most: u64) -> u64 {
        least + self.next() % (most - least + 1)
    }

    /// The place that a share of these weights falls on.
    fn pick(&mut self, weights: &[u64]) -> usize {
        let mut share = self.next() % weights.iter().sum::<u64>().max(1);
        for (at, weight) in weights.iter().enumerate() {
            if share < *weight {
                return at;
            }
            share -= weight;
        }
        0
    }
}

struct Offering {
    title: u64,
    day: usize,
    grades: (u64, u64),
    /// 0 both, 1 girls, 2 boys.
    sex: u64,
    /// How sought after it is.
    weight: u64,
}

/// A market of so many schools in the form ALLOC1. A school has 2,000 children and 60 titles, each on some days; a
/// few titles are wanted by most, and there are fewer seats than wishes.
pub(super) fn market(schools: u64) -> String {
    let (mut body, mut offerings, mut wishes) = (String::new(), 0, 0);
    for school in 0..schools {
        let numbers = &mut Numbers::of(school);
        let (lines, offered) = offered(numbers);
        let _ = writeln!(body, "L {school} {} {CHILDREN} 3", offered.len());
        body.push_str(&lines);
        for child in 0..CHILDREN {
            wishes += add_child(&mut body, numbers, &offered, school * CHILDREN + child);
        }
        offerings += offered.len();
    }
    let children = schools * CHILDREN;
    format!("ALLOC1 bench 0 {schools} {children} {offerings} {wishes}\n{body}")
}

/// The lines of a school's offerings, and what they are.
fn offered(numbers: &mut Numbers) -> (String, Vec<Offering>) {
    const BANDS: [(u64, u64); 8] = [(1, 2), (3, 4), (5, 6), (1, 3), (4, 6), (2, 5), (1, 6), (3, 6)];
    let (mut lines, mut offered) = (String::new(), Vec::new());
    for title in 0..TITLES {
        let kind = numbers.pick(&[72, 20, 8]);
        let (least, most, minimum) = [(12, 20, 8), (24, 30, 12), (32, 40, 15)][kind];
        let grades = BANDS[numbers.pick(&[12, 14, 12, 16, 16, 10, 10, 10])];
        let sex = numbers.pick(&[94, 4, 2]) as u64;
        let first = numbers.pick(&[1; DAYS]);
        let runs = 1 + numbers.pick(&[15, 30, 30, 15, 10]);
        let mut days: Vec<usize> = (0..runs).map(|more| (first + 2 * more) % DAYS).collect();
        days.sort_unstable();
        for day in days {
            let weight = 60_000 / (title + 1) * numbers.within(50, 150) / 100;
            let seats = numbers.within(least, most);
            let (low, high) = grades;
            let idx = offered.len();
            let _ = writeln!(lines, "O {idx} {title} {day} {kind} {seats} {minimum} {low} {high} {sex}");
            offered.push(Offering { title, day, grades, sex, weight });
        }
    }
    (lines, offered)
}

/// Adds a child's line; how many wishes it has.
fn add_child(body: &mut String, numbers: &mut Numbers, offered: &[Offering], number: u64) -> u64 {
    let (grade, sex) = (1 + numbers.pick(&[19, 18, 17, 16, 15, 15]) as u64, numbers.within(1, 2));
    let groups = [3, 12, 20, 8].map(|share| u64::from(numbers.within(1, 200) <= share));
    let groups = groups.iter().rev().fold(0, |mask, in_it| mask * 2 + in_it);
    let limit = 1 + numbers.pick(&[20, 55, 25]);
    let _ = write!(body, "P {number} {grade} {sex} {groups} {limit} 0");
    // each child likes some of eight tastes more than others
    let tastes: Vec<u64> = (0..8).map(|_| 1 + numbers.within(0, 100).pow(2) / 500).collect();
    let (days, shift) = (numbers.pick(&[10, 6, 8, 12, 14, 50]), numbers.pick(&[1; DAYS]));
    let mut wishes = 0;
    for day in 0..DAYS {
        let mut list = Vec::new();
        if (day + shift) % DAYS < days {
            let fits = |offering: &Offering| {
                let (low, high) = offering.grades;
                offering.day == day
                    && low <= grade
                    && grade <= high
                    && (offering.sex == 0 || offering.sex == sex)
            };
            let liking = |offering: &Offering| offering.weight * tastes[(offering.title % 8) as usize];
            let weights = offered.iter().map(|offering| if fits(offering) { liking(offering) } else { 0 });
            list = list_of(numbers, weights.collect());
        }
        wishes += list.len() as u64;
        let words: Vec<String> = list.iter().map(usize::to_string).collect();
        let _ = write!(body, " {}", if words.is_empty() { "-".to_owned() } else { words.join(",") });
    }
    body.push('\n');
    wishes
}

/// A list of different places, the heavier ones sooner and more often.
fn list_of(numbers: &mut Numbers, mut weights: Vec<u64>) -> Vec<usize> {
    let length = numbers.within(1, LONGEST);
    let mut list = Vec::new();
    for _ in 0..length {
        if weights.iter().all(|weight| *weight == 0) {
            break;
        }
        let place = numbers.pick(&weights);
        weights[place] = 0;
        list.push(place);
    }
    list
}

/// So many schools in the form CLASS1: large ones with up to ten classes a grade and small ones with one or two.
pub(super) fn classes(schools: u64) -> String {
    let mut text = format!("CLASS1 bench {schools}\n");
    for school in 0..schools {
        let numbers = &mut Numbers::of(school);
        let (is_small, grades) = (numbers.within(1, 4) == 1, if numbers.within(1, 5) == 1 { 9 } else { 6 });
        let _ = writeln!(text, "S {school} {grades}");
        let stay = numbers.within(15, 95);
        for grade in 1..=grades {
            let (count, roll) = if is_small {
                (numbers.within(1, 2), numbers.within(12, 31))
            } else {
                (numbers.within(2, 10), numbers.within(38, 47))
            };
            let _ = write!(text, "G {grade}");
            for _ in 0..count {
                let percent = (stay + numbers.within(0, 50)).saturating_sub(25).min(100);
                let _ = write!(text, " {}", roll * percent / 100);
            }
            text.push('\n');
        }
    }
    text
}
