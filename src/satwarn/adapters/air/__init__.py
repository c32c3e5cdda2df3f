"""The air: frames in, frames out."""
