//! kehou-db
