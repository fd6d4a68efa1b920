//! The spanning tree of the simplex, as arrays by node.

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// For each node its parent, the arc between them, its place among its parent's children, its depth and its price.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) parent: Vec<u32>,
    /// The arc to the parent.
    pub(super) arc: Vec<u32>,
    /// Whether that arc leads from the node to its parent.
    pub(super) is_up: Vec<bool>,
    pub(super) depth: Vec<u32>,
    pub(super) price: Vec<i64>,
    first_child: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
}

/// How a node hangs on its parent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) parent: u32,
    pub(super) arc: u32,
    pub(super) is_up: bool,
}

impl Tree {
    /// So many nodes, none of which hangs on another.
    pub(super) fn new(nodes: usize) -> Tree {
        Tree {
            parent: vec![NONE; nodes],
            arc: vec![NONE; nodes],
            is_up: vec![false; nodes],
            depth: vec![0; nodes],
            price: vec![0; nodes],
            first_child: vec![NONE; nodes],
            next: vec![NONE; nodes],
            previous: vec![NONE; nodes],
        }
    }

    /// Hangs a node without children on the tree; its arc costs so much.
    pub(super) fn hang(&mut self, node: u32, link: Link, cost: i64) {
        self.attach(node, link);
        let (at, parent) = (node as usize, link.parent as usize);
        self.depth[at] = self.depth[parent] + 1;
        self.price[at] = self.price_below(link, cost);
        debug_assert_eq!(self.first_child[at], NONE, "who hangs first has no children");
    }

    /// Cuts the arc above `top` and hangs its part of the tree on again by `foot`, which is in it.
    pub(super) fn rehang(&mut self, top: u32, foot: u32, link: Link, cost: i64) {
        let (mut node, mut new) = (foot, link);
        loop {
            let old = self.link(node);
            self.detach(node);
            self.attach(node, new);
            if node == top {
                break;
            }
            new = Link { parent: node, arc: old.arc, is_up: !old.is_up };
            node = old.parent;
        }
        let rise = self.price_below(link, cost) - self.price[foot as usize];
        self.renew(foot, rise);
    }

    /// The lowest node that is above both, or is one of them.
    pub(super) fn meeting(&self, one: u32, other: u32) -> u32 {
        let (mut one, mut other) = (one as usize, other as usize);
        while one != other {
            if self.depth[one] < self.depth[other] {
                other = self.parent[other] as usize;
            } else {
                one = self.parent[one] as usize;
            }
        }
        u32::try_from(one).expect("nodes are counted in u32")
    }

    /// The price of a node under this link: an arc of the tree is worth exactly what it costs.
    fn price_below(&self, link: Link, cost: i64) -> i64 {
        let parent = self.price[link.parent as usize];
        if link.is_up { parent - cost } else { parent + cost }
    }

    fn link(&self, node: u32) -> Link {
        let at = node as usize;
        Link { parent: self.parent[at], arc: self.arc[at], is_up: self.is_up[at] }
    }

    /// Raises the prices of a node and all below it, and counts their depths anew.
    fn renew(&mut self, top: u32, rise: i64) {
        let mut node = top as usize;
        loop {
            self.depth[node] = self.depth[self.parent[node] as usize] + 1;
            self.price[node] += rise;
            if self.first_child[node] != NONE {
                node = self.first_child[node] as usize;
                continue;
            }
            while node != top as usize && self.next[node] == NONE {
                node = self.parent[node] as usize;
            }
            if node == top as usize {
                return;
            }
            node = self.next[node] as usize;
        }
    }

    fn attach(&mut self, node: u32, link: Link) {
        let (at, parent) = (node as usize, link.parent as usize);
        let sibling = self.first_child[parent];
        if sibling != NONE {
            self.previous[sibling as usize] = node;
        }
        (self.next[at], self.previous[at]) = (sibling, NONE);
        self.first_child[parent] = node;
        (self.parent[at], self.arc[at], self.is_up[at]) = (link.parent, link.arc, link.is_up);
    }

    fn detach(&mut self, node: u32) {
        let (next, previous) = (self.next[node as usize], self.previous[node as usize]);
        if next != NONE {
            self.previous[next as usize] = previous;
        }
        if previous == NONE {
            self.first_child[self.parent[node as usize] as usize] = next;
        } else {
            self.next[previous as usize] = next;
        }
    }
}
