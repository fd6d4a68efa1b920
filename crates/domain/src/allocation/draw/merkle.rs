//! A Merkle tree over salted applications: its root and their number are published, and each family can show that its
//! own application is in it without seeing any other.

use sha2::{Digest, Sha256};

use super::Hash;

/// The hash of one application, salted so that nobody can guess what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leaf(Hash);

/// The tree over all applications of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// In order of the hashes, which says nothing of who applied when.
    leaves: Vec<Leaf>,
}

/// On which side a neighbour stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before what is proved.
    Left,
    /// After it.
    Right,
}

/// The way from an application to the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The neighbours on the way up.
    pub path: Vec<(Side, Hash)>,
}

impl Leaf {
    /// The leaf of an application, with the salt that stands on the family's receipt.
    pub fn of(salt: [u8; 16], application: &[u8]) -> Leaf {
        Leaf(
            Sha256::new().chain_update([0x00]).chain_update(salt).chain_update(application).finalize().into(),
        )
    }
}

impl Tree {
    /// The tree over these applications, in whatever order they come.
    pub fn over(leaves: impl IntoIterator<Item = Leaf>) -> Tree {
        let mut leaves: Vec<Leaf> = leaves.into_iter().collect();
        leaves.sort_unstable();
        Tree { leaves }
    }

    /// How many applications there are.
    pub fn count(&self) -> usize {
        self.leaves.len()
    }

    /// The root; that of no application is the hash of nothing.
    pub fn root(&self) -> Hash {
        root(&self.leaves)
    }

    /// The proof that an application is among them.
    pub fn proof(&self, leaf: Leaf) -> Option<Proof> {
        let at = self.leaves.binary_search(&leaf).ok()?;
        let mut path = Vec::new();
        collect(&self.leaves, at, &mut path);
        Some(Proof { path })
    }
}

impl Proof {
    /// Whether the way leads from this leaf to this root.
    pub fn shows(&self, leaf: Leaf, root: Hash) -> bool {
        let top = self.path.iter().fold(leaf.0, |below, (side, neighbour)| match side {
            Side::Left => node(*neighbour, below),
            Side::Right => node(below, *neighbour),
        });
        top == root
    }
}

fn root(leaves: &[Leaf]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => leaf.0,
        [..] => {
            let (left, right) = halves(leaves);
            node(root(left), root(right))
        }
    }
}

/// The neighbours of a leaf, from the leaf up.
fn collect(leaves: &[Leaf], at: usize, path: &mut Vec<(Side, Hash)>) {
    if leaves.len() < 2 {
        return;
    }
    let (left, right) = halves(leaves);
    if at < left.len() {
        collect(left, at, path);
        path.push((Side::Right, root(right)));
    } else {
        collect(right, at - left.len(), path);
        path.push((Side::Left, root(left)));
    }
}

/// The left half is the largest power of two below the whole, as in RFC 6962.
fn halves(leaves: &[Leaf]) -> (&[Leaf], &[Leaf]) {
    leaves.split_at(leaves.len().next_power_of_two() / 2)
}

/// A node can never be read as a leaf: they begin with different bytes.
fn node(left: Hash, right: Hash) -> Hash {
    Sha256::new().chain_update([0x01]).chain_update(left).chain_update(right).finalize().into()
}
