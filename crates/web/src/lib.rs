//! kehou-web
