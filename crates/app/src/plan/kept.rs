//! Plans that were read once: a text is the same as long as its digest is.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use kehou_domain::plan::Plan;
use sha2::{Digest, Sha256};

/// How many plans are kept; a district of some hundred schools fits.
const MOST: usize = 1024;

static KEPT: LazyLock<RwLock<HashMap<String, Arc<Plan>>>> = LazyLock::new(RwLock::default);

/// SHA-256 of a text in hexadecimal.
pub(super) fn digest(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The plan of the text with this digest, when it was read before.
pub(super) fn plan(digest: &str) -> Option<Arc<Plan>> {
    KEPT.read().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
}

/// Keeps the plan of the text with this digest.
pub(super) fn keep(digest: &str, plan: Plan) -> Arc<Plan> {
    let mut kept = KEPT.write().unwrap_or_else(PoisonError::into_inner);
    if MOST <= kept.len() {
        kept.clear();
    }
    Arc::clone(kept.entry(digest.to_owned()).or_insert_with(|| Arc::new(plan)))
}
