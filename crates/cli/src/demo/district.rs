//! The demo's thirteen schools: one for each plan, with how many classes of how many children.

/// A school of the demo.
#[derive(Debug, Clone, Copy)]
pub(super) struct DemoSchool {
    /// The operator's number.
    pub(super) id: i64,
    /// How people and commands name it.
    pub(super) code: &'static str,
    /// An invented name.
    pub(super) name: &'static str,
    /// `primary`, `junior` or `nine_year`.
    pub(super) stage: &'static str,
    /// The text of `plans/<code>.toml`.
    pub(super) text: &'static str,
    /// First and last grade.
    pub(super) grades: (u8, u8),
    /// Classes in each grade.
    pub(super) classes: u8,
    /// Children in each class, more or less.
    pub(super) children: usize,
    /// Of a hundred children of its grades, how many stay.
    pub(super) staying: usize,
    /// How many of the last days of service of the month before, and of the days before today, have been played.
    pub(super) played: (usize, usize),
}

/// A small school unless something else is said.
const SMALL: DemoSchool = DemoSchool {
    id: 0,
    code: "",
    name: "",
    stage: "primary",
    text: "",
    grades: (1, 6),
    classes: 1,
    children: 22,
    staying: 85,
    played: (0, 0),
};

macro_rules! school {
    ($id:literal, $code:literal, $name:literal $(, $field:ident: $value:expr)*) => {
        DemoSchool {
            id: $id,
            code: $code,
            name: $name,
            text: include_str!(concat!("../../../../plans/", $code, ".toml")),
            $($field: $value,)*
            ..SMALL
        }
    };
}

/// Every school of the demo. The first and the seventh are full of children, the others are small.
pub(super) const SCHOOLS: [DemoSchool; 13] = [
    school!(1, "s0", "湖畔第二实验小学", classes: 5, children: 40, staying: 92, played: (2, 1)),
    school!(2, "s1a", "松林路小学"),
    school!(3, "s1b", "桥东小学"),
    school!(4, "s1c", "青石九年制学校", stage: "nine_year", grades: (1, 9), children: 18),
    school!(5, "s1d", "白鹭县实验小学", classes: 2),
    school!(6, "s1e", "梧桐街小学"),
    school!(7, "s2", "荷塘初级中学", stage: "junior", grades: (7, 9), classes: 7, children: 43, played: (0, 1)),
    school!(8, "s3", "新安中心小学"),
    school!(9, "s4a", "沙河乡小学"),
    school!(10, "s4b", "城南第一小学", children: 30),
    school!(11, "s4c", "望江小学"),
    school!(12, "s4d", "云台小学"),
    school!(13, "s4e", "凤鸣小学"),
];

/// A school with staff and nothing else, of every grade, so that any roster fits.
pub(super) const EMPTY: DemoSchool =
    DemoSchool { id: 14, code: "new", name: "新办学校", stage: "nine_year", grades: (1, 9), ..SMALL };
