//! The draw that anyone can check.

use jiff::{SignedDuration, Timestamp};

use crate::allocation::Seed;
use crate::allocation::draw::{
    DrawRefused, Leaf, Proof, REVEAL_WITHIN, Reveal, Round, Secret, Side, Tree, WITHHELD, commit, commitment,
    seed, seed_of,
};

const SECRET: Secret = Secret([5; 32]);

// computed with Python's hashlib
const SEED: [u8; 32] = [
    0x11, 0x41, 0x01, 0xb3, 0xdf, 0xc4, 0x01, 0xf2, 0x6c, 0x40, 0xb9, 0xb1, 0x4e, 0x3e, 0x7c, 0xeb, 0x0d,
    0x89, 0xa7, 0x99, 0xf5, 0xd8, 0x33, 0x11, 0xdf, 0x35, 0xb6, 0x0c, 0x27, 0xa8, 0x8f, 0x1e,
];
const EMPTY: [u8; 32] = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
    0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];
const FIVE: [u8; 32] = [
    0x74, 0x76, 0x71, 0x26, 0xd7, 0x8e, 0xe8, 0xff, 0x34, 0x3c, 0x8e, 0xb7, 0xfd, 0x3c, 0x91, 0x6b, 0xe7,
    0xb6, 0x21, 0x3a, 0xaf, 0xa4, 0xa5, 0x4d, 0xb4, 0xe1, 0x51, 0xad, 0x5e, 0x58, 0x4d, 0x8c,
];

fn closed_at() -> Timestamp {
    Timestamp::from_second(1_790_000_000).unwrap()
}

fn after(hours: i64) -> Timestamp {
    closed_at() + SignedDuration::from_hours(hours)
}

fn round() -> Round<'static> {
    let (school, term, round) = ("east", "2026-autumn", "1");
    Round { school, term, round, commitment: commitment(SECRET), root: [3; 32], closed_at: closed_at() }
}

fn leaves(count: u8) -> Vec<Leaf> {
    (0..count).map(|number| Leaf::of([number; 16], &[number])).collect()
}

#[test]
fn the_seed_is_a_hash_of_parts_behind_their_lengths() {
    assert_eq!(Some(seed_of(&round(), SECRET, "双色球 2026100")), Seed::of(SEED.to_vec()));
}

#[test]
fn a_revealed_secret_makes_the_seed_and_a_withheld_one_gains_nothing() {
    let drawn = |hours, now| {
        let reveal = Some(Reveal { secret: SECRET, at: after(hours) });
        seed(&round(), reveal, "dice 4 2 6", &[], after(now)).unwrap()
    };
    let revealed = seed_of(&round(), SECRET, "dice 4 2 6");
    let withheld = seed_of(&round(), WITHHELD, "dice 4 2 6");
    assert_eq!(drawn(0, 1), revealed);
    assert_eq!(drawn(24, 24), revealed);
    assert_eq!(drawn(25, 25), withheld);
    assert_eq!(seed(&round(), None, "dice 4 2 6", &[], after(25)), Ok(withheld));
}

#[test]
fn what_could_be_turned_is_refused() {
    let reveal = |secret, hours| Some(Reveal { secret, at: after(hours) });
    let until = closed_at() + REVEAL_WITHIN;
    let refused =
        |reveal, beacon, drawn: &[[u8; 32]]| seed(&round(), reveal, beacon, drawn, after(2)).unwrap_err();
    assert_eq!(refused(reveal(Secret([6; 32]), 1), "4", &[]), DrawRefused::DoesNotMatch);
    assert_eq!(refused(reveal(SECRET, -1), "4", &[]), DrawRefused::TooEarly);
    assert_eq!(refused(None, "4", &[]), DrawRefused::NotRevealed { until });
    assert_eq!(refused(reveal(SECRET, 1), " ", &[]), DrawRefused::NoBeacon);
    assert_eq!(refused(reveal(SECRET, 1), "4", &[commitment(SECRET)]), DrawRefused::SecondDraw);
    assert_eq!(commit(commitment(SECRET), &[commitment(WITHHELD)]), Ok(()));
    assert_eq!(commit(commitment(SECRET), &[commitment(SECRET)]), Err(DrawRefused::SecondDraw));
}

#[test]
fn no_two_lists_of_parts_read_alike() {
    let one = Round { school: "east1", term: "2", ..round() };
    let other = Round { school: "east", term: "12", ..round() };
    assert_ne!(seed_of(&one, SECRET, "4"), seed_of(&other, SECRET, "4"));
}

#[test]
fn every_part_counts_to_the_last_bit() {
    let seed = seed_of(&round(), SECRET, "4");
    for bit in 0..256 {
        let mut root = round().root;
        root[bit / 8] ^= 1 << (bit % 8);
        assert_ne!(seed_of(&Round { root, ..round() }, SECRET, "4"), seed);
        let mut secret = SECRET;
        secret.0[bit / 8] ^= 1 << (bit % 8);
        assert_ne!(seed_of(&round(), secret, "4"), seed);
        assert_ne!(commitment(secret), commitment(SECRET));
    }
    assert_ne!(seed_of(&round(), SECRET, "5"), seed);
    assert_ne!(seed_of(&Round { round: "2", ..round() }, SECRET, "4"), seed);
}

#[test]
fn the_root_is_that_of_rfc_6962_over_the_leaves_in_order() {
    assert_eq!(Tree::over([]).root(), EMPTY);
    assert_eq!(Tree::over(leaves(5)).root(), FIVE);
    let mut backwards = leaves(5);
    backwards.reverse();
    assert_eq!(Tree::over(backwards).root(), FIVE);
    assert_eq!(Tree::over(leaves(5)).count(), 5);
}

#[test]
fn every_application_is_shown_to_be_among_them_and_no_other() {
    for count in 1..20 {
        let tree = Tree::over(leaves(count));
        for leaf in leaves(count) {
            assert!(tree.proof(leaf).unwrap().shows(leaf, tree.root()), "{count}");
        }
        assert_eq!(tree.proof(Leaf::of([200; 16], b"another")), None);
        let other = Leaf::of([0; 16], &[1]);
        assert!(!tree.proof(leaves(count)[0]).unwrap().shows(other, tree.root()));
    }
}

#[test]
fn one_changed_bit_of_a_proof_shows_nothing() {
    let tree = Tree::over(leaves(6));
    let leaf = leaves(6)[2];
    let Proof { path } = tree.proof(leaf).unwrap();
    for step in 0..path.len() {
        for bit in 0..256 {
            let mut changed = Proof { path: path.clone() };
            changed.path[step].1[bit / 8] ^= 1 << (bit % 8);
            assert!(!changed.shows(leaf, tree.root()));
        }
        let mut turned = Proof { path: path.clone() };
        turned.path[step].0 = if path[step].0 == Side::Left { Side::Right } else { Side::Left };
        assert!(!turned.shows(leaf, tree.root()));
    }
    for bit in 0..256 {
        let mut root = tree.root();
        root[bit / 8] ^= 1 << (bit % 8);
        assert!(!Proof { path: path.clone() }.shows(leaf, root));
    }
}

#[test]
fn a_node_is_no_leaf() {
    let tree = Tree::over(leaves(2));
    // whoever hands in the two hashes as an application does not get the root of the two
    let mut pair = leaves(2);
    pair.sort_unstable();
    let roots: Vec<_> = pair.iter().map(|leaf| Tree::over([*leaf]).root()).collect();
    let (salt, rest) = roots[0].split_first_chunk::<16>().unwrap();
    let forged = Leaf::of(*salt, &[rest, roots[1].as_slice()].concat());
    assert_ne!(Tree::over([forged]).root(), tree.root());
}
