//! `kehou classes`: who sits together by the 40-rule, counted literally and exactly (E3, E5).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kehou_app::grouping::class1::{self, School};
use kehou_app::plan::file::{Reading, read_bytes};
use kehou_domain::grouping::classes::{
    ClassNo, Exact, Formation, Formed, Kind, Refused, Rule, Splitting, exact, literal,
};
use kehou_web::grouping::words;
use kehou_web::lang::Lang;
use kehou_web::plan::words::command;
use serde_json::{Value, json};

use crate::answer::{Failure, Language};
use crate::{Outcome, say};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many stay from each class, in the form CLASS1
    file: PathBuf,
    /// List only the groups of the fewest that the limits allow
    #[arg(long, conflicts_with = "literal")]
    exact: bool,
    /// List only the groups of the rule as its sentence says it
    #[arg(long)]
    literal: bool,
    /// Take the numbers from the noon rule of this plan
    #[arg(long, value_name = "PLAN", conflicts_with_all = ["keep", "cap"])]
    plan: Option<PathBuf>,
    /// From how many children a class stays by itself
    #[arg(long, default_value = "40")]
    keep: u16,
    /// The most children of a merged group
    #[arg(long, default_value = "40")]
    cap: u16,
    /// Divide a class that stays by itself when it is larger
    #[arg(long, value_name = "CHILDREN")]
    divide_above: Option<u16>,
    /// Divide small classes where that saves a group
    #[arg(long)]
    split: bool,
    /// An earlier answer whose groups run: as few children as possible leave them
    #[arg(long, value_name = "ANSWER")]
    running: Option<PathBuf>,
    /// Language of what people read
    #[arg(long, value_enum, default_value = "zh")]
    lang: Language,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome {
    let lang = args.lang.lang();
    let mut schools = read(lang, &args.file)?;
    if let Some(earlier) = &args.running {
        let running = running(lang, earlier)?;
        let classes = schools.iter_mut().flat_map(|school| {
            let number = school.number;
            school.classes.iter_mut().map(move |class| (number, class))
        });
        classes.for_each(|(school, class)| class.running = running.get(&(school, class.class)).copied());
    }
    let rule = rule(lang, args)?;
    let formed: Result<Vec<Both>, Refused> = schools.iter().map(|school| both(school, rule)).collect();
    let formed = formed.map_err(|refused| not_formed(lang, &args.file, refused))?;
    say(answer(args, rule, &formed));
    Ok(ExitCode::SUCCESS)
}

/// A school's groups by both countings.
struct Both {
    school: u32,
    literal: Formation,
    exact: Exact,
}

fn both(school: &School, rule: Rule) -> Result<Both, Refused> {
    let (literal, exact) = (literal(&school.classes, rule)?, exact(&school.classes, rule)?);
    Ok(Both { school: school.number, literal, exact })
}

impl Both {
    /// How many teachers fewer the exact counting needs.
    fn saved(&self) -> usize {
        self.literal.groups.len() - self.exact.formation.groups.len()
    }
}

fn read(lang: Lang, file: &Path) -> Result<Vec<School>, Failure> {
    let bytes = std::fs::read(file).map_err(|why| Failure::unreadable(lang, file, &why))?;
    class1::read(&String::from_utf8_lossy(&bytes)).map_err(|wrong| {
        let file = file.display().to_string();
        let message = format!("{file}:{}: {}", wrong.line, words::class1(lang, &wrong.problem));
        let failure = Failure::wrong(wrong.problem.code(), message);
        failure.and("file", json!(file)).and("line", json!(wrong.line))
    })
}

fn rule(lang: Lang, args: &Args) -> Result<Rule, Failure> {
    let rule = match &args.plan {
        Some(plan) => rule_of(lang, plan)?,
        None => Rule::new(args.keep, args.cap).map_err(|refused| not_formed(lang, &args.file, refused))?,
    };
    let rule = args.divide_above.map_or(rule, |most| rule.dividing_above(most));
    Ok(rule.splitting(if args.split { Splitting::Evenly } else { Splitting::Never }))
}

/// The rule of a plan file that merges small classes.
fn rule_of(lang: Lang, file: &Path) -> Result<Rule, Failure> {
    let bytes = std::fs::read(file).map_err(|why| Failure::unreadable(lang, file, &why))?;
    let named = file.display().to_string();
    let plan = match read_bytes(&bytes) {
        Ok((_, Reading { plan: Some(plan), .. })) => plan,
        Ok((_, Reading { problems, .. })) => return Err(unsound(lang, &named, problems.len())),
        Err(_) => return Err(unsound(lang, &named, 1)),
    };
    let rule = plan.groups.iter().find_map(Rule::of);
    let missing = || Failure::wrong("no_rule", format!("{named}: {}", words::no_rule(lang)));
    rule.ok_or_else(missing)?.map_err(|refused| not_formed(lang, file, refused))
}

fn unsound(lang: Lang, file: &str, problems: usize) -> Failure {
    Failure::wrong("not_sound", format!("{file}: {}", command::unsound(lang, problems)))
}

fn not_formed(lang: Lang, file: &Path, refused: Refused) -> Failure {
    let file = file.display().to_string();
    let code = match refused {
        Refused::KeepAboveCap => "keep_above_cap",
        Refused::NoCap => "no_cap",
        Refused::Twice(_) => "class_twice",
        Refused::TooMany(_) => "too_many_classes",
    };
    Failure::wrong(code, format!("{file}: {}", words::not_formed(lang, refused))).and("file", json!(file))
}

/// Which running group each class of each school sits in, by an earlier answer.
fn running(lang: Lang, file: &Path) -> Result<BTreeMap<(u32, ClassNo), u32>, Failure> {
    let bytes = std::fs::read(file).map_err(|why| Failure::unreadable(lang, file, &why))?;
    let answer: Option<Value> = serde_json::from_slice(&bytes).ok();
    answer.as_ref().and_then(seats).ok_or_else(|| {
        let file = file.display().to_string();
        Failure::wrong("not_an_answer", format!("{file}: {}", words::not_an_answer(lang)))
    })
}

/// The listed groups of an answer, the exact ones where both are listed.
fn seats(answer: &Value) -> Option<BTreeMap<(u32, ClassNo), u32>> {
    let mut seats = BTreeMap::new();
    for school in answer["schools"].as_array()? {
        let number = u32::try_from(school["school"].as_u64()?).ok()?;
        let listed = ["exact", "literal"].iter().find_map(|counting| school[counting]["list"].as_array());
        for (group, formed) in (0..).zip(listed?) {
            for class in formed["classes"].as_array()? {
                let grade = u8::try_from(class["grade"].as_u64()?).ok()?;
                let no = u32::try_from(class["class"].as_u64()?).ok()?;
                seats.insert((number, ClassNo { grade, no }), group);
            }
        }
    }
    Some(seats)
}

fn answer(args: &Args, rule: Rule, formed: &[Both]) -> Value {
    let in_words = formed.iter().map(|both| counts(&both.literal));
    let fewest = formed.iter().map(|both| counts(&both.exact.formation));
    let saved: usize = formed.iter().map(Both::saved).sum();
    json!({
        "rule": { "keep": rule.keep(), "cap": rule.cap() },
        "literal": in_words.fold(Counts::default(), Counts::plus).as_json(),
        "exact": fewest.fold(Counts::default(), Counts::plus).as_json(),
        "teachers_saved": saved,
        "schools": formed.iter().map(|both| school_json(args, both)).collect::<Value>(),
    })
}

fn school_json(args: &Args, both: &Both) -> Value {
    let (mut literal, mut exact) = (counts(&both.literal).as_json(), counts(&both.exact.formation).as_json());
    exact["proved"] = json!(both.exact.proved);
    if args.running.is_some() {
        exact["moved"] = json!(both.exact.moved);
    }
    if !args.exact {
        literal["list"] = both.literal.groups.iter().map(group_json).collect();
    }
    if !args.literal {
        exact["list"] = both.exact.formation.groups.iter().map(group_json).collect();
    }
    json!({ "school": both.school, "literal": literal, "exact": exact, "teachers_saved": both.saved() })
}

fn group_json(group: &Formed) -> Value {
    let kind = match group.kind {
        Kind::Own => "own",
        Kind::Merged => "merged",
        Kind::Across => "across",
    };
    let classes = group
        .parts
        .iter()
        .map(|part| json!({ "grade": part.class.grade, "class": part.class.no, "children": part.children }));
    json!({ "kind": kind, "children": group.children(), "classes": classes.collect::<Value>() })
}

/// How many groups there are of which kind.
#[derive(Clone, Copy, Default)]
struct Counts {
    own: usize,
    merged: usize,
    across: usize,
    within_grades: usize,
}

fn counts(formation: &Formation) -> Counts {
    let [own, merged, across] = [Kind::Own, Kind::Merged, Kind::Across].map(|kind| formation.count(kind));
    Counts { own, merged, across, within_grades: formation.within_grades }
}

impl Counts {
    const fn plus(self, other: Counts) -> Counts {
        Counts {
            own: self.own + other.own,
            merged: self.merged + other.merged,
            across: self.across + other.across,
            within_grades: self.within_grades + other.within_grades,
        }
    }

    /// `groups` is what needs a teacher; `merged_within_grades` is how many groups of small classes there were if
    /// every grade kept to itself.
    fn as_json(self) -> Value {
        let Counts { own, merged, across, within_grades } = self;
        json!({ "groups": own + merged + across, "own": own, "merged": merged, "across": across,
            "merged_within_grades": within_grades })
    }
}
