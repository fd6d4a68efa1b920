//! Days and times as people read them.

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use kehou_domain::moment;
use kehou_domain::people::cell::squeeze;

use crate::lang::Lang;

/// A day as people type it, in digits of either width.
pub(crate) fn typed(text: &str) -> Option<Date> {
    squeeze(text).parse().ok()
}

/// A day with its weekday: 11月27日（周五）, Fri 27 Nov.
pub fn day(lang: Lang, day: Date) -> String {
    let month_day = match lang {
        Lang::Zh => format!("{}月{}日", day.month(), day.day()),
        Lang::En => format!("{} {}", day.day(), day.strftime("%b")),
    };
    match lang {
        Lang::Zh => format!("{month_day}（{}）", weekday(lang, day.weekday())),
        Lang::En => format!("{} {month_day}", weekday(lang, day.weekday())),
    }
}

/// A day with its year, for papers: 2026年11月27日, 27 Nov 2026.
pub fn full_day(lang: Lang, day: Date) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Lang::En => format!("{} {}", day.day(), day.strftime("%b %Y")),
    }
}

/// A month with its year: 2026年11月, Nov 2026.
pub fn month(lang: Lang, first: Date) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月", first.year(), first.month()),
        Lang::En => first.strftime("%b %Y").to_string(),
    }
}

/// A day of every year: 5月1日, 1 May.
pub fn day_of_year(lang: Lang, month: i8, day: i8) -> String {
    match lang {
        Lang::Zh => format!("{month}月{day}日"),
        // a leap year has every day
        Lang::En => Date::new(2024, month, day)
            .map_or_else(|_| String::new(), |date| date.strftime("%-d %b").to_string()),
    }
}

/// A day for lists: with its weekday, and with the year in front when that is not the reader's.
pub fn near(lang: Lang, date: Date, today: Date) -> String {
    if date.year() == today.year() {
        return day(lang, date);
    }
    match lang {
        Lang::Zh => format!("{}年{}", date.year(), day(lang, date)),
        Lang::En => format!("{} {}", day(lang, date), date.year()),
    }
}

/// A time of day: 15:20.
pub fn time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A moment on the school's wall clock: 11月27日（周五）15:20.
pub fn moment(lang: Lang, at: Timestamp) -> String {
    let wall = moment::wall_clock(at);
    match lang {
        Lang::Zh => format!("{}{}", day(lang, wall.date()), time(wall.time())),
        Lang::En => format!("{}, {}", day(lang, wall.date()), time(wall.time())),
    }
}

/// The weekday: 周五, Fri.
pub fn weekday(lang: Lang, weekday: Weekday) -> &'static str {
    let (zh, en) = match weekday {
        Weekday::Monday => ("周一", "Mon"),
        Weekday::Tuesday => ("周二", "Tue"),
        Weekday::Wednesday => ("周三", "Wed"),
        Weekday::Thursday => ("周四", "Thu"),
        Weekday::Friday => ("周五", "Fri"),
        Weekday::Saturday => ("周六", "Sat"),
        Weekday::Sunday => ("周日", "Sun"),
    };
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn days_carry_their_weekday() {
        assert_eq!(day(Lang::Zh, date(2026, 11, 27)), "11月27日（周五）");
        assert_eq!(day(Lang::En, date(2026, 11, 27)), "Fri 27 Nov");
        assert_eq!(full_day(Lang::Zh, date(2026, 9, 1)), "2026年9月1日");
        let today = date(2026, 12, 24);
        assert_eq!(near(Lang::Zh, date(2026, 12, 31), today), "12月31日（周四）");
        assert_eq!(near(Lang::Zh, date(2027, 1, 4), today), "2027年1月4日（周一）");
        assert_eq!(near(Lang::En, date(2027, 1, 4), today), "Mon 4 Jan 2027");
    }

    #[test]
    fn moments_are_on_the_schools_wall_clock() {
        let at = moment::instant(date(2026, 11, 24), time(15, 5, 0, 0));
        assert_eq!(super::moment(Lang::Zh, at), "11月24日（周二）15:05");
        assert_eq!(super::moment(Lang::En, at), "Tue 24 Nov, 15:05");
    }
}
