//! kehou-bench
