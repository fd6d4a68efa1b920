//! kehou-app
