//! kehou-assets
